package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnectionFactory;

class ClusterWatchesTests {

    private static final long PAUSE_MILLIS = 20_000;

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30));

    /** Attempts to replace the connection, by what they call when it is replaced. */
    private final List<Runnable> attempts = new ArrayList<>();

    private boolean replaceable = true;

    private final ClusterWatches watches =
            new ClusterWatches(this::watch, this.clock::get, Duration.ofSeconds(2), this::replace);

    @Test
    void connectionIsReplacedOnceInAnOutage() {
        for (int i = 0; i < 100; i++) {
            becomeSilent("a");
        }
        assertThat(this.attempts).hasSize(1);
    }

    @Test
    void connectionIsReplacedInEveryOutageThoughNotAtOnceAgain() {
        becomeSilent("a");
        answer("a");
        becomeSilent("a");
        assertThat(this.attempts).hasSize(1);

        pass(PAUSE_MILLIS);
        becomeSilent("a");
        becomeSilent("a");

        assertThat(this.attempts).hasSize(2);
    }

    @Test
    void attemptThatFailsIsRepeatedAfterAPause() {
        this.replaceable = false;
        for (int i = 0; i < 9; i++) {
            becomeSilent("a");
        }
        assertThat(this.attempts).hasSize(1);

        this.replaceable = true;
        for (int i = 0; i < 100; i++) {
            becomeSilent("a");
        }

        assertThat(this.attempts).hasSize(2);
    }

    /** It took long to connect, and the server was back before. */
    @Test
    void replacementThatComesTooLateCountsForNoOtherOutage() {
        this.replaceable = false;
        becomeSilent("a");
        answer("a");
        pass(PAUSE_MILLIS);
        this.replaceable = true;
        this.watches.of("a").lost("reset");
        this.attempts.get(0).run();

        becomeSilent("a");

        assertThat(this.attempts).hasSize(2);
    }

    /** The server may have been back in between, and the connection may be dead since. */
    @Test
    void outageInWhichNothingWasAskedForLongIsAnother() {
        becomeSilent("a");
        pass(TimeUnit.MINUTES.toMillis(1));
        becomeSilent("a");
        assertThat(this.attempts).hasSize(2);
    }

    @Test
    void anotherServerThatIsSilentHasTheConnectionReplacedOnceMoreAfterAPause() {
        becomeSilent("a");
        becomeSilent("b");
        assertThat(this.attempts).hasSize(1);

        pass(PAUSE_MILLIS);
        becomeSilent("b");
        becomeSilent("a");
        becomeSilent("b");

        assertThat(this.attempts).hasSize(2);
    }

    @Test
    void serversInUseAreThoseThatAreUpAndWereAskedLately() {
        answer("long ago");
        enter("down");
        this.watches.of("down").lost("reset");
        pass(TimeUnit.MINUTES.toMillis(1));
        answer("answered");
        enter("asked");

        assertThat(this.watches.inUse()).containsExactlyInAnyOrder("answered", "asked");
    }

    @Test
    void hopeIsForAllServers() {
        becomeSilent("a");
        becomeSilent("b");
        assertThat(enter("b")).as("first try").isTrue();
        assertThat(enter("b")).isFalse();

        this.watches.tryAtOnce();

        assertThat(enter("a")).isTrue();
        assertThat(enter("b")).isTrue();
    }

    private ServerWatch watch(String server, Runnable onSilence) {
        return new ServerWatch(
                Duration.ofSeconds(2),
                this.clock::get,
                OutageLog.of(mock(RedisConnectionFactory.class), RedisServerLabel.DEFAULT, this.clock::get, task -> {}),
                () -> {},
                onSilence) {
            @Override
            void later(long nanos, Runnable task) {
                // what is asked tells by itself here
            }
        };
    }

    private void replace(Runnable onReplaced) {
        this.attempts.add(onReplaced);
        if (this.replaceable) {
            onReplaced.run();
        }
    }

    private boolean enter(String server) {
        return this.watches.of(server).enter("x") == null;
    }

    /** Asks, or tries again, and is not answered in time. */
    private void becomeSilent(String server) {
        assertThat(enter(server)).isTrue();
        pass(2000);
        this.watches.of(server).unanswered();
        assertThat(this.watches.of(server).isDown()).isTrue();
    }

    private void answer(String server) {
        this.watches.of(server).tryAtOnce();
        assertThat(enter(server)).isTrue();
        this.watches.of(server).answered();
        assertThat(this.watches.of(server).isDown()).isFalse();
    }

    private void pass(long millis) {
        this.clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
