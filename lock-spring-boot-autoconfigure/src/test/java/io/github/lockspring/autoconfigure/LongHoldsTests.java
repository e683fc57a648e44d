package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockMonitor.Call;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LogCapture;
import io.github.lockspring.store.Logged;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Warnings of holds that last long; time is the test's. */
class LongHoldsTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final AtomicLong now = new AtomicLong();

    private final LongHolds holds = new LongHolds(LIMIT, Map.of("report", Duration.ofMinutes(1)), this.now::get);

    private final LogCapture log = LogCapture.info(LongHolds.class);

    @AfterEach
    void end() {
        this.holds.destroy();
        this.log.close();
    }

    @Test
    void aLongHoldIsToldOnceWithTheStackOfItsAcquisition() {
        Call call = begin("order");
        call.acquired(7, false);
        pass(LIMIT.minusMillis(1));
        assertThat(warnings()).isEmpty();
        pass(Duration.ofMillis(1));
        pass(LIMIT);
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("Lock 'order' has been held for", "warn-after of 10000 ms", "fencing token 7");
        assertThat(call.origin().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("aLongHoldIsToldOnceWithTheStackOfItsAcquisition"));
        call.released();
        assertThat(this.holds.watched()).isZero();
    }

    @Test
    void aShortHoldIsNot() {
        Call call = begin("order");
        call.acquired(7, false);
        call.released();
        pass(LIMIT.multipliedBy(2));
        assertThat(warnings()).isEmpty();
        assertThat(this.holds.watched()).isZero();
    }

    @Test
    void waitingDoesNotCount() {
        Call call = begin("order");
        pass(LIMIT);
        call.acquired(7, false);
        pass(LIMIT.minusMillis(1));
        assertThat(warnings()).isEmpty();
        call.released();
    }

    @Test
    void aNameMayHaveATimeOfItsOwn() {
        begin("report").acquired(7, false);
        pass(LIMIT.multipliedBy(2));
        assertThat(warnings()).isEmpty();
        pass(Duration.ofMinutes(1));
        assertThat(warnings()).singleElement().asString().contains("'report'");
    }

    @Test
    void aHoldThatHasEndedBeforeItsBeginningIsToldIsForgotten() {
        Call call = begin("order");
        call.released();
        call.acquired(7, false);
        assertThat(this.holds.watched()).isZero();
    }

    /** The timer goes on, even if its failure cannot be logged. */
    @Test
    void anErrorDoesNotEndTheTimer() {
        AtomicInteger looks = new AtomicInteger();
        LongHolds failing = new LongHolds(Duration.ofMillis(100), Map.of(), () -> {
            if (looks.incrementAndGet() < 3) {
                throw new StackOverflowError("of the clock");
            }
            return 0;
        });
        try (LogCapture broken = LogCapture.debug(Logged.class, event -> {
            throw new StackOverflowError("of the log");
        })) {
            await().untilAsserted(() -> assertThat(looks).hasValueGreaterThan(4));
            assertThat(broken.said()).hasSize(2);
        } finally {
            failing.destroy();
        }
    }

    @Test
    void withTimesOfNamesOnlyOthersAreNotWatched() {
        LongHolds some = new LongHolds(null, Map.of("report", LIMIT), this.now::get);
        try {
            assertThat(some.begin(request("order"))).isNull();
            assertThat(some.begin(request("report"))).isNotNull();
        } finally {
            some.destroy();
        }
    }

    /** They stand for never. */
    @Test
    void takesTimesThatAreTooLongToBeCounted() {
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        LongHolds never = new LongHolds(endless, Map.of("report", endless), this.now::get);
        try {
            Call call = never.begin(request("order"));
            assertThat(call).isNotNull();
            call.acquired(1, false);
            this.now.set(Long.MAX_VALUE / 2);
            never.look();
            assertThat(this.log.said()).isEmpty();
            assertThat(never.watched()).isOne();
        } finally {
            never.destroy();
        }
    }

    private Call begin(String name) {
        Call call = this.holds.begin(request(name));
        assertThat(call).isNotNull();
        return call;
    }

    static LockRequest request(String name) {
        LockLease none = null;
        return new LockRequest(LockName.of(name), Duration.ZERO, Duration.ofSeconds(30), true, false, none);
    }

    private void pass(Duration time) {
        this.now.addAndGet(time.toNanos());
        this.holds.look();
    }

    private List<String> warnings() {
        return this.log.said(Level.WARN);
    }
}
