package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.LogCapture;
import io.github.lockspring.store.Logged;
import io.github.lockspring.store.StageFailures;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnectionFactory;

class ConnectorTests {

    private final AtomicLong clock = new AtomicLong();

    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private final List<FakeSession> used = new ArrayList<>();

    private final List<String> closed = new CopyOnWriteArrayList<>();

    private final List<LockStoreException> failures = new CopyOnWriteArrayList<>();

    private int opened;

    private int attempts;

    private boolean down;

    private String reason = "Redis is down";

    private int returns;

    private int replacements;

    private Runnable onReturn = () -> {};

    private CompletableFuture<Void> closing = CompletableFuture.completedFuture(null);

    private Executor executor = this.tasks::add;

    private Duration patience = Duration.ofMinutes(1);

    private final ServerWatch watch = new ServerWatch(
            Duration.ofSeconds(2),
            this.clock::get,
            OutageLog.of(mock(RedisConnectionFactory.class), RedisServerLabel.DEFAULT, this.clock::get, task -> {}),
            this::returned,
            () -> {});

    private Connector<FakeSession> connector = connector();

    private Connector<FakeSession> connector() {
        return new Connector<>(this::open, task -> this.executor.execute(task), this.patience, this.watch, null);
    }

    @Test
    void connectsWhenFirstNeededAndOnce() {
        assertThat(this.tasks).isEmpty();

        use();
        use();
        assertThat(this.used).isEmpty();
        runTasks();
        use();

        assertThat(this.used)
                .extracting(FakeSession::name)
                .containsExactly("connection 1", "connection 1", "connection 1");
        assertThat(this.tasks).isEmpty();
    }

    @Test
    void failsAllWaitingCommandsThenRetriesImmediatelyAndOnceASecond() {
        this.down = true;
        use();
        use();
        runTasks();
        assertThat(this.failures).hasSize(2).allSatisfy(failure -> {
            assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);
            assertThat(failure).hasMessageContaining("the command").hasMessageContaining("Redis is down");
        });

        use();
        runTasks();
        assertThat(this.attempts).isEqualTo(2);
        this.clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
        for (int i = 0; i < 100; i++) {
            use();
        }
        assertThat(this.tasks).isEmpty();
        assertThat(this.failures).hasSize(103).last().satisfies(failure -> {
            assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);
            assertThat(failure).hasMessageContaining("Redis is down").hasMessageContaining("for 0 s now");
        });

        this.down = false;
        this.clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        use();
        runTasks();

        assertThat(this.used).extracting(FakeSession::name).containsExactly("connection 1");
        assertThat(this.returns).isEqualTo(1);
    }

    @Test
    void permanentRefusalFailsWaitingAndLaterCommands() {
        this.reason = "WRONGPASS invalid username-password pair";
        this.down = true;
        for (int i = 0; i < 100; i++) {
            use();
            runTasks();
        }

        assertThat(this.attempts).isEqualTo(2);
        assertThat(this.failures).hasSize(100).allSatisfy(failure -> {
            assertThat(failure.getOutcome()).isEqualTo(Outcome.REFUSED);
            assertThat(failure).hasMessageContaining("the command").hasMessageContaining("spring.data.redis.password");
        });
    }

    @Test
    void attemptThatMetAnErrorIsOver() {
        this.executor = task -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        use();
        assertThat(this.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessageContaining("native thread"));

        this.executor = this.tasks::add;
        use();
        runTasks();

        assertThat(this.used).extracting(FakeSession::name).containsExactly("connection 1");
    }

    @Test
    void waitingCommandsTimeOutWhileTheAttemptContinues() {
        this.patience = Duration.ofMillis(20);
        this.connector = connector();
        use();
        await().until(() -> !this.failures.isEmpty());
        use();
        assertThat(this.failures)
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED));

        runTasks();
        use();

        assertThat(this.used).extracting(FakeSession::name).containsExactly("connection 1");
    }

    /** The driver may go on for a minute: calls fail all that time. */
    @Test
    void anAttemptThatTakesTooLongIsSaidOnce() {
        List<Runnable> messages = new CopyOnWriteArrayList<>();
        OutageLog outages = OutageLog.of(
                mock(RedisConnectionFactory.class), RedisServerLabel.DEFAULT, this.clock::get, messages::add);
        ServerWatch watching =
                new ServerWatch(Duration.ofSeconds(2), this.clock::get, outages, this::returned, () -> {});
        this.patience = Duration.ofMillis(20);
        this.connector =
                new Connector<>(this::open, task -> this.executor.execute(task), this.patience, watching, null);
        use();
        await().until(() -> this.failures.size() == 1);
        use();
        await().until(() -> this.failures.size() == 2);
        assertThat(messages).hasSize(1);
        runTasks();
        assertThat(messages).hasSize(2);
    }

    @Test
    void waitsLessForTheAttemptAfterAFailedOne() {
        beginASecondAttempt(Duration.ofSeconds(10));
        await().atMost(Duration.ofMillis(9500)).until(() -> this.failures.size() == 2);
        assertThat(this.failures.get(1)).hasMessageContaining("it takes too long to connect");
        runTasks();
        use();
        assertThat(this.used).extracting(FakeSession::name).containsExactly("connection 1");
    }

    @Test
    void soManyMayWaitForAnAttempt() {
        for (int i = 0; i <= ServerWatch.MOST_UNDER_WAY; i++) {
            use();
        }
        assertThat(this.failures).hasSize(1);
    }

    @Test
    void connectionThatWasLostIsClosedBeforeTheNextOneIsOpened() {
        use();
        runTasks();

        this.connector.discard(this.used.get(0), "it was lost");
        use();
        this.tasks.remove().run();

        assertThat(this.closed).containsExactly("connection 1");
        assertThat(this.opened).isEqualTo(1);
        runTasks();
        assertThat(this.opened).isEqualTo(2);
        assertThat(this.returns).isEqualTo(1);
    }

    @Test
    void retryingWithinTheFailureCallbackStartsANewAttempt() {
        this.down = true;
        use(failure -> use());
        this.tasks.remove().run();
        this.down = false;
        runTasks();
        assertThat(this.used).extracting(FakeSession::name).containsExactly("connection 1");
    }

    @Test
    void discardedConnectionIsClosedAndReplaced() {
        use();
        runTasks();

        FakeSession connection = this.used.get(0);
        this.connector.discard(connection, "of no use");
        this.connector.discard(connection, "of no use");
        use();
        runTasks();

        assertThat(this.closed).containsExactly("connection 1");
        assertThat(this.used).extracting(FakeSession::name).containsExactly("connection 1", "connection 2");
    }

    /** They cannot wait for the attempt any more, which has taken too long. */
    @Test
    void listenersForTheReturnOfRedisGetTheConnection() {
        beginASecondAttempt(Duration.ofMillis(20));
        await().until(() -> this.failures.size() == 2);
        this.onReturn = this::use;
        runTasks();
        assertThat(this.used).extracting(FakeSession::name).containsExactly("connection 1");
        assertThat(this.failures).hasSize(2);
    }

    /** The thread that discards may be the one that the end of the connection waits for. */
    @Test
    void discardingDoesNotWaitIfThereIsNoThread() {
        this.closing = new CompletableFuture<>();
        use();
        runTasks();
        this.executor = task -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        this.connector.discard(this.used.get(0), "of no use");
        await().untilAsserted(() -> assertThat(this.closed).containsExactly("connection 1"));
    }

    @Test
    void closesItsConnection() {
        use();
        runTasks();

        this.connector.close();
        use();

        assertThat(this.closed).containsExactly("connection 1");
        assertThat(this.used).hasSize(1);
        assertThat(this.failures).hasSize(1);
    }

    @Test
    void closesAConnectionThatWasBeingOpened() {
        use();
        this.connector.close();
        runTasks();
        assertThat(this.closed).containsExactly("connection 1");
        use();
        assertThat(this.failures).hasSize(1);
    }

    @Test
    void replacedConnectionIsUsedUntilTheNextOneIsOpenAndThenClosed() {
        this.patience = Duration.ofMillis(20);
        this.connector = connector();
        use();
        runTasks();

        replace(this.used.get(0));
        use();
        assertThat(this.replacements).isZero();
        runTasks();
        use();

        assertThat(this.replacements).isEqualTo(1);
        assertThat(this.used)
                .extracting(FakeSession::name)
                .containsExactly("connection 1", "connection 1", "connection 2");
        await().untilAsserted(() -> assertThat(this.closed).containsExactly("connection 1"));
    }

    @Test
    void commandsInFlightOnAReplacedConnectionMayBeAnswered() {
        use();
        runTasks();
        replace(this.used.get(0));
        runTasks();
        use();
        assertThat(this.closed).isEmpty();
    }

    @Test
    void failingReplacementListenerIsLoggedAndTheReplacementUsed() {
        use();
        runTasks();
        this.connector.replace(this.used.get(0), this.executor, this::open, () -> {
            throw new IllegalStateException("of a listener");
        });
        try (LogCapture log = LogCapture.info(Logged.class)) {
            runTasks();
            assertThat(log.said(Level.ERROR)).hasSize(1);
        }
        use();
        replace(this.used.get(1));
        runTasks();

        assertThat(this.used).last().extracting(FakeSession::name).isEqualTo("connection 2");
        assertThat(this.replacements).isEqualTo(1);
    }

    @Test
    void connectionIsReplacedByOneAtATime() {
        use();
        runTasks();

        replace(this.used.get(0));
        replace(this.used.get(0));
        assertThat(this.tasks).hasSize(1);
        runTasks();
        replace(this.used.get(0));
        assertThat(this.tasks).isEmpty();

        assertThat(this.opened).isEqualTo(2);
        assertThat(this.replacements).isEqualTo(1);
    }

    @Test
    void replacementThatFailsChangesNothingAndAnotherMayBegin() {
        use();
        runTasks();
        FakeSession connection = this.used.get(0);
        this.down = true;
        replace(connection);
        runTasks();
        this.executor = task -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        replace(connection);
        this.executor = this.tasks::add;
        use();
        assertThat(this.used).hasSize(2).containsOnly(connection);
        assertThat(this.watch.isDown()).isFalse();
        assertThat(this.replacements).isZero();
        assertThat(this.closed).isEmpty();

        this.down = false;
        replace(connection);
        runTasks();

        assertThat(this.replacements).isEqualTo(1);
    }

    @Test
    void anErrorWhileAConnectionIsReplacedLeavesNothingStuck() {
        use();
        runTasks();
        FakeSession connection = this.used.get(0);
        this.connector.replace(
                connection,
                this.executor,
                () -> {
                    throw new OutOfMemoryError("no room");
                },
                () -> this.replacements++);
        runTasks();

        replace(connection);
        runTasks();

        assertThat(this.replacements).isEqualTo(1);
    }

    @Test
    void replacementThatComesAfterTheConnectionWasDiscardedIsClosed() {
        use();
        runTasks();
        replace(this.used.get(0));
        Runnable replacement = this.tasks.remove();
        this.connector.discard(this.used.get(0), "of no use");
        use();
        runTasks();
        assertThat(this.used).extracting(FakeSession::name).containsExactly("connection 1", "connection 2");

        replacement.run();
        use();

        assertThat(this.used).last().extracting(FakeSession::name).isEqualTo("connection 2");
        assertThat(this.closed).containsExactly("connection 1", "connection 3");
        assertThat(this.replacements).isZero();
    }

    @Test
    void replacementMayBeDiscarded() {
        use();
        runTasks();
        replace(this.used.get(0));
        runTasks();
        use();

        this.connector.discard(this.used.get(1), "of no use");
        use();
        runTasks();

        assertThat(this.closed).containsExactly("connection 2");
        assertThat(this.used).last().extracting(FakeSession::name).isEqualTo("connection 3");
    }

    @Test
    void otherConnectionThanThePresentOneIsNotReplaced() {
        use();
        runTasks();
        this.connector.discard(this.used.get(0), "of no use");
        runTasks();
        replace(this.used.get(0));
        assertThat(this.tasks).isEmpty();
    }

    @Test
    void closesAReplacementThatWasBeingOpened() {
        use();
        runTasks();
        replace(this.used.get(0));

        this.connector.close();
        assertThat(this.closed).containsExactly("connection 1");
        runTasks();

        assertThat(this.closed).containsExactly("connection 1", "connection 2");
        assertThat(this.replacements).isZero();
    }

    @Test
    void closesTheConnectionThatWasReplacedAtOnce() {
        use();
        runTasks();
        replace(this.used.get(0));
        runTasks();
        this.connector.close();
        assertThat(this.closed).containsExactlyInAnyOrder("connection 1", "connection 2");
    }

    private void replace(FakeSession connection) {
        this.connector.replace(connection, task -> this.executor.execute(task), this::open, () -> this.replacements++);
    }

    private void returned() {
        this.returns++;
        this.onReturn.run();
    }

    /** After one that failed. */
    private void beginASecondAttempt(Duration patience) {
        this.patience = patience;
        this.connector = connector();
        this.down = true;
        use();
        runTasks();
        this.down = false;
        use();
    }

    private FakeSession open() {
        this.attempts++;
        if (this.down) {
            throw new IllegalStateException(this.reason);
        }
        return new FakeSession("connection " + ++this.opened, this.closed, this.closing);
    }

    private void use() {
        use(this.failures::add);
    }

    private void use(Consumer<LockStoreException> failed) {
        CompletableFuture<FakeSession> unused = this.connector
                .connection("the command")
                .whenComplete((opened, failure) -> {
                    if (failure == null) {
                        this.used.add(opened);
                    } else {
                        failed.accept((LockStoreException) StageFailures.unwrap(failure));
                    }
                });
    }

    private void runTasks() {
        while (!this.tasks.isEmpty()) {
            this.tasks.remove().run();
        }
    }

    private record FakeSession(String name, List<String> closed, CompletableFuture<Void> closing)
            implements Connector.Session {

        @Override
        public CompletionStage<Void> close() {
            this.closed.add(this.name);
            return this.closing;
        }

        @Override
        public String toString() {
            return this.name;
        }
    }
}
