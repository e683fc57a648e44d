package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.LogCapture;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnectionFactory;

class ServerWatchTests {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3));

    private final OutageLog outages =
            OutageLog.of(mock(RedisConnectionFactory.class), RedisServerLabel.DEFAULT, this.clock::get, Runnable::run);

    private int returns;

    private int silences;

    /** Looks to come, by when they are due. */
    private final Map<Long, Runnable> looks = new HashMap<>();

    private boolean noRoom;

    private final ServerWatch watch =
            new ServerWatch(
                    Duration.ofSeconds(2), this.clock::get, this.outages, () -> this.returns++, () -> this.silences++) {
                @Override
                void later(long nanos, Runnable task) {
                    if (ServerWatchTests.this.noRoom) {
                        throw new OutOfMemoryError("no room");
                    }
                    ServerWatchTests.this.looks.put(ServerWatchTests.this.clock.get() + nanos, task);
                }
            };

    @Test
    void reportsSilenceAndTheFirstAnswerAfterIt() {
        try (LogCapture log = LogCapture.info(OutageLog.class)) {
            enter();
            pass(2000);
            this.watch.unanswered();
            assertThat(log.said(Level.WARN)).singleElement().asString().contains("no answer for 2000 ms");
            this.watch.returned();
            assertThat(log.said(Level.INFO)).hasSize(1);
        }
    }

    @Test
    void reportsAnUnreachableServer() {
        try (LogCapture log = LogCapture.info(OutageLog.class)) {
            this.watch.lost(new RuntimeException("Connection refused"));
            assertThat(log.said(Level.WARN)).singleElement().asString().contains("Connection refused");
        }
    }

    @Test
    void doesNotReportALostConnectionAlone() {
        try (LogCapture log = LogCapture.info(OutageLog.class)) {
            this.watch.lost("no connection (it was lost)");
            this.watch.returned();
            assertThat(log.said()).isEmpty();
        }
    }

    @Test
    void serverThatAnswersGetsEveryCommand() {
        for (int i = 0; i < 100; i++) {
            assertThat(enter()).isNull();
            pass(1999);
            assertThat(enter()).isNull();
            this.watch.answered();
            this.watch.answered();
        }
        assertThat(this.returns).isZero();
    }

    @Test
    void idleServerIsNotSilent() {
        enter();
        this.watch.answered();
        pass(60_000);

        assertThat(enter()).isNull();
        pass(1000);
        assertThat(enter()).isNull();
        assertThat(this.watch.isDown()).isFalse();
    }

    @Test
    void retriesASilentServerImmediatelyAndThenOncePerTimeout() {
        becomeSilent();

        assertThat(enter()).as("first try").isNull();
        pass(1999);
        assertThat(enter()).contains("no answer for 2000 ms, for 1 s now");
        pass(1);
        assertThat(enter()).as("second try").isNull();
        pass(500);
        assertThat(enter()).contains("for 2 s now");
    }

    @Test
    void serverThatCannotBeReachedIsTriedOnceASecond() {
        this.watch.lost("refused");

        for (int i = 0; i < 3; i++) {
            assertThat(enter()).as("try").isNull();
            this.watch.unanswered();
            pass(999);
            assertThat(enter()).contains("refused");
            pass(1);
        }
    }

    @Test
    void hopeEndsThePause() {
        becomeSilent();
        assertThat(enter()).as("first try").isNull();
        this.watch.tryAtOnce();
        assertThat(enter()).as("second try").isNull();
        assertThat(enter()).contains("no answer for 2000 ms");
    }

    @Test
    void firstAnswerEndsTheOutage() {
        becomeSilent();
        enter();
        this.watch.answered();
        assertThat(enter()).isNull();
        assertThat(enter()).isNull();
        assertThat(this.returns).isEqualTo(1);
    }

    /** The answers are here, and wait to be read. */
    @Test
    void pauseOfThisProcessIsNoSilenceOfTheServer() {
        enter();
        standStill(30_000);
        pass(0);

        assertThat(enter()).isNull();
        this.watch.answered();
        pass(1000);
        assertThat(enter()).isNull();
        assertThat(this.watch.isDown()).isFalse();
    }

    @Test
    void commandsThatTheirCallersGaveUpLeaveTheServerSilent() {
        enter();
        pass(2000);
        this.watch.unanswered();
        assertThat(this.watch.isDown()).isTrue();
    }

    @Test
    void commandThatWasNotSentSaysNothing() {
        enter();
        pass(100);
        this.watch.unanswered();
        assertThat(this.watch.isDown()).isFalse();
    }

    @Test
    void commandsUnderWayAreBounded() {
        for (int i = 0; i < ServerWatch.MOST_UNDER_WAY; i++) {
            assertThat(enter()).isNull();
        }
        assertThat(enter()).contains("too many commands");
        this.watch.answered();
        assertThat(enter()).isNull();
    }

    @Test
    void beginningOfAnOutageStaysAndItsReasonIsTheNewest() {
        this.watch.lost("refused");
        pass(5000);
        this.watch.lost("reset");
        assertThat(this.watch.why()).isEqualTo("reset");
        assertThat(this.watch.notSent("x")).hasMessage("Cannot send x to Redis: reset, for 5 s now");
    }

    /** The password was changed, or the server went down. */
    @Test
    void commandsAreRefusedWhileConnectionsAre() {
        this.watch.lost(new IllegalStateException("connection reset"));
        assertThat(this.watch.notSent("x").getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);

        this.watch.lost(new IllegalStateException("Unable to connect", new IllegalStateException("WRONGPASS invalid")));
        assertThat(this.watch.notSent("x"))
                .hasMessageStartingWith(
                        "Redis refused x: no connection (Unable to connect: WRONGPASS invalid), for 0 s now")
                .hasMessageContaining("'spring.data.redis.password'")
                .extracting(LockStoreException::getOutcome)
                .isEqualTo(Outcome.REFUSED);

        becomeSilent();
        assertThat(this.watch.notSent("x"))
                .hasMessageContaining("no answer for 2000 ms")
                .extracting(LockStoreException::getOutcome)
                .isEqualTo(Outcome.NOT_EXECUTED);
    }

    @Test
    void manyBrokenConnectionsInARowAreAnOutage() {
        for (int i = 0; i < 9; i++) {
            this.watch.broken("reset");
        }
        assertThat(this.watch.isDown()).isFalse();
        this.watch.broken("reset");
        assertThat(this.watch.isDown()).isTrue();
    }

    @Test
    void silenceIsNoticedThoughNothingMoreIsAsked() {
        enter();
        pass(2199);
        assertThat(this.watch.isDown()).isFalse();
        pass(1);
        assertThat(this.watch.isDown()).isTrue();
        assertThat(this.silences).isEqualTo(1);
    }

    @Test
    void doesNotCheckAServerWithoutCommands() {
        enter();
        this.watch.answered();
        pass(4000);
        assertThat(this.looks).isEmpty();

        enter();
        pass(2200);
        assertThat(this.watch.isDown()).isTrue();
    }

    @Test
    void checksAServerAgainAfterACheckFailed() {
        this.noRoom = true;
        assertThat(enter()).isNull();
        this.noRoom = false;
        assertThat(enter()).isNull();
        pass(2200);
        assertThat(this.watch.isDown()).isTrue();
    }

    /** Its commands end when it is closed, which takes its time. */
    @Test
    void commandsOfAnOldConnectionAreNoOutageOfTheNew() {
        enter();
        enter();
        pass(2300);
        this.watch.returned();
        pass(1);
        this.watch.unanswered();
        assertThat(this.watch.isDown()).isFalse();
    }

    @Test
    void countsAnAnswerAfterABrokenConnectionForAnotherConnection() {
        enter();
        this.watch.broken("reset");
        this.watch.unanswered();
        enter();
        this.watch.answered();
        assertThat(this.returns).isEqualTo(1);
        enter();
        this.watch.answered();
        assertThat(this.returns).isEqualTo(1);
    }

    private @Nullable String enter() {
        LockStoreException refusal = this.watch.enter("x");
        return refusal == null ? null : refusal.getMessage();
    }

    private void becomeSilent() {
        assertThat(enter()).isNull();
        pass(2200);
    }

    /** Time goes on, from one look to the next. */
    private void pass(long millis) {
        long end = this.clock.get() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (Long due = next(end); due != null; due = next(end)) {
            this.clock.set(due);
            this.looks.remove(due).run();
        }
        this.clock.set(end);
    }

    private @Nullable Long next(long end) {
        return this.looks.keySet().stream()
                .filter(due -> due - end <= 0)
                .min((a, b) -> Long.compare(a - end, b - end))
                .orElse(null);
    }

    /** The process stands still: what is due meanwhile comes after it. */
    private void standStill(long millis) {
        this.clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
