package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConnectorTests {

    private final AtomicLong clock = new AtomicLong();

    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private final List<String> used = new ArrayList<>();

    private final List<String> closed = new ArrayList<>();

    private final List<LockStoreException> failures = new ArrayList<>();

    private int opened;

    private boolean down;

    private final Connector<String> connector =
            new Connector<>(this::open, this.closed::add, this.tasks::add, Duration.ofSeconds(2), this.clock::get);

    @Test
    void connectsWhenFirstNeededAndOnce() {
        assertThat(this.tasks).isEmpty();

        use();
        use();
        assertThat(this.used).isEmpty();
        runTasks();
        use();

        assertThat(this.used).containsExactly("connection 1", "connection 1", "connection 1");
        assertThat(this.tasks).isEmpty();
    }

    @Test
    void failureIsToldToAllAndTheNextOneTriesAgain() {
        this.down = true;
        use();
        use();
        runTasks();
        assertThat(this.failures).hasSize(2).allSatisfy(failure -> {
            assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);
            assertThat(failure).hasMessageContaining("the command").hasMessageContaining("Redis is down");
        });

        this.down = false;
        use();
        runTasks();

        assertThat(this.used).containsExactly("connection 1");
    }

    @Test
    void whoeverTriesAgainWhenToldGetsANewAttempt() {
        this.down = true;
        this.connector.use(this.used::add, failure -> use(), "the command");
        this.tasks.remove().run();

        this.down = false;
        runTasks();

        assertThat(this.used).containsExactly("connection 1");
    }

    @Test
    void whoeverWaitedTooLongIsNotServed() {
        use();
        this.clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        use();
        this.clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1500));

        runTasks();

        assertThat(this.used).hasSize(1);
        assertThat(this.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED));
    }

    @Test
    void discardedConnectionIsClosedAndReplaced() {
        use();
        runTasks();

        String connection = this.connector.present();
        this.connector.discard(connection);
        this.connector.discard(connection);
        use();
        runTasks();

        assertThat(this.closed).containsExactly("connection 1");
        assertThat(this.used).containsExactly("connection 1", "connection 2");
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
        assertThat(this.connector.present()).isNull();
    }

    private String open() {
        if (this.down) {
            throw new IllegalStateException("Redis is down");
        }
        return "connection " + ++this.opened;
    }

    private void use() {
        this.connector.use(this.used::add, this.failures::add, "the command");
    }

    private void runTasks() {
        while (!this.tasks.isEmpty()) {
            this.tasks.remove().run();
        }
    }
}
