package io.github.lockspring.samples.flashsale.load;

import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the engine of this process tells about each lock. */
final class LockCounts implements LockMonitor {

    private final Map<LockName, Counts> counts = new ConcurrentHashMap<>();

    @Override
    public Call begin(LockRequest request) {
        Counts lock = of(request.name());
        return new Call() {
            @Override
            public void acquired(long fencingToken, boolean handedOff) {
                lock.acquired.increment();
                if (handedOff) {
                    lock.handedOff.increment();
                }
                lock.latest = new Hold(fencingToken, Thread.currentThread().getName());
            }
        };
    }

    @Override
    public void handedOver(LockName name) {
        of(name).handedOver.increment();
    }

    private Counts of(LockName name) {
        return this.counts.computeIfAbsent(name, unused -> new Counts());
    }

    /** All locks that a caller has asked for. */
    Map<LockName, Counts> all() {
        return this.counts;
    }

    /** Of one lock. */
    static final class Counts {

        final LongAdder acquired = new LongAdder();

        final LongAdder handedOff = new LongAdder();

        final LongAdder handedOver = new LongAdder();

        volatile Hold latest = Hold.NONE;
    }

    /**
     * What a caller has got.
     *
     * @param token its fencing token
     * @param thread the thread of the caller
     */
    record Hold(long token, String thread) {

        static final Hold NONE = new Hold(0, "");
    }
}
