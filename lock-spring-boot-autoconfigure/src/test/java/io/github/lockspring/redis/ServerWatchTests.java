package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ServerWatchTests {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3));

    private int returns;

    private final ServerWatch watch = new ServerWatch(Duration.ofSeconds(2), this.clock::get, () -> this.returns++);

    @Test
    void serverThatAnswersGetsEveryCommand() {
        for (int i = 0; i < 100; i++) {
            assertThat(this.watch.enter()).isNull();
            pass(3000);
            assertThat(this.watch.enter()).isNull();
            this.watch.answered();
            this.watch.answered();
        }
        assertThat(this.returns).isZero();
    }

    @Test
    void idleServerIsNotSilent() {
        this.watch.enter();
        this.watch.answered();
        pass(60_000);

        assertThat(this.watch.enter()).isNull();
        pass(1000);
        assertThat(this.watch.enter()).isNull();
        assertThat(this.watch.isDown()).isFalse();
    }

    @Test
    void serverThatAnsweredNothingForATimeoutIsTriedAtOnceAndThenOnceASecond() {
        becomeSilent();

        assertThat(this.watch.enter()).as("first try").isNull();
        pass(999);
        assertThat(this.watch.enter()).contains("no answer for 2000 ms, for 0 s now");
        pass(1);
        assertThat(this.watch.enter()).as("second try").isNull();
        pass(500);
        assertThat(this.watch.enter()).contains("for 1 s now");
    }

    @Test
    void firstAnswerEndsTheOutage() {
        becomeSilent();
        this.watch.enter();

        this.watch.answered();

        assertThat(this.watch.enter()).isNull();
        assertThat(this.watch.enter()).isNull();
        assertThat(this.returns).isEqualTo(1);
    }

    /** The answers are here, and wait to be read. */
    @Test
    void pauseOfThisProcessIsNoSilenceOfTheServer() {
        this.watch.enter();
        pass(30_000);

        assertThat(this.watch.enter()).isNull();
        this.watch.answered();
        pass(1000);
        assertThat(this.watch.enter()).isNull();
        assertThat(this.watch.isDown()).isFalse();
    }

    @Test
    void commandsThatTheirCallersGaveUpLeaveTheServerSilent() {
        this.watch.enter();
        pass(2000);
        this.watch.unanswered();

        assertThat(this.watch.isDown()).isTrue();
    }

    @Test
    void commandThatWasNotSentSaysNothing() {
        this.watch.enter();
        pass(100);
        this.watch.unanswered();

        assertThat(this.watch.isDown()).isFalse();
    }

    @Test
    void commandsUnderWayAreBounded() {
        for (int i = 0; i < ServerWatch.MOST_UNDER_WAY; i++) {
            assertThat(this.watch.enter()).isNull();
        }
        assertThat(this.watch.enter()).contains("too many commands");

        this.watch.answered();

        assertThat(this.watch.enter()).isNull();
    }

    @Test
    void reasonAndBeginningOfAnOutageStay() {
        this.watch.lost("refused");
        pass(5000);
        this.watch.lost("reset");

        assertThat(this.watch.why()).isEqualTo("refused, for 5 s now");
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

    private void becomeSilent() {
        assertThat(this.watch.enter()).isNull();
        pass(2000);
        assertThat(this.watch.enter()).isNull();
        pass(200);
    }

    private void pass(long millis) {
        this.clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
