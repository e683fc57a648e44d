package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockMonitor.Call;
import io.github.lockspring.LogCapture;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several monitors as one. */
class LockMonitorsTests {

    private final AtomicInteger told = new AtomicInteger();

    @Test
    void whatOneThrowsKeepsNothingFromTheOthersAndIsLoggedOnceAMinuteForEach() {
        LockMonitor failsFirst = request -> {
            throw new StackOverflowError("of the first");
        };
        LockMonitor failsLater = request -> new FailingCall();
        LockMonitor works = request -> new CountingCall();
        LockMonitor all = LockMonitors.of(List.of(failsFirst, failsLater, works));
        try (LogCapture log = LogCapture.info(LockMonitors.class)) {
            for (int i = 0; i < 3; i++) {
                Call call = all.begin(LongHoldsTests.request("order"));
                call.acquired(1, false);
                call.released();
            }
            assertThat(this.told).hasValue(6);
            assertThat(log.said(Level.WARN))
                    .hasSize(2)
                    .allMatch(line ->
                            line.contains("A lock monitor failed: " + getClass().getName()));
        }
    }

    @Test
    void theOriginIsThatOfTheFirstCallWhichKnowsOne() {
        Throwable origin = new Throwable("of the third");
        Call knowing = new Call() {

            @Override
            public Throwable origin() {
                return origin;
            }
        };
        LockMonitor all = LockMonitors.of(List.of(
                request -> new FailingCall(), request -> new CountingCall(), request -> knowing, request -> knowing));
        try (LogCapture log = LogCapture.info(LockMonitors.class)) {
            assertThat(all.begin(LongHoldsTests.request("order")).origin()).isSameAs(origin);
            assertThat(log.said(Level.WARN)).singleElement().asString().contains("A lock monitor failed");
        }
    }

    private static final class FailingCall implements Call {

        @Override
        public Throwable origin() {
            throw new IllegalStateException("of the second");
        }

        @Override
        public void acquired(long fencingToken, boolean handedOff) {
            throw new IllegalStateException("of the second");
        }
    }

    private final class CountingCall implements Call {

        @Override
        public void acquired(long fencingToken, boolean handedOff) {
            LockMonitorsTests.this.told.incrementAndGet();
        }

        @Override
        public void released() {
            LockMonitorsTests.this.told.incrementAndGet();
        }
    }
}
