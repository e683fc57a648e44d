package io.github.lockspring.engine;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the monitor is told of one call. What it throws is logged. Inside a guard, it is told once that is free. */
final class CallWatch {

    private static final Logger log = LoggerFactory.getLogger(CallWatch.class);

    private final LockMonitor.Call call;

    /** Guarded by the queue. */
    private boolean contended;

    private CallWatch(LockMonitor.Call call) {
        this.call = call;
    }

    /** Of a call on the current thread; {@code null} if it is not monitored. */
    static @Nullable CallWatch of(@Nullable LockMonitor monitor, LockRequest request) {
        if (monitor == null) {
            return null;
        }
        try {
            LockMonitor.Call call = monitor.begin(request);
            return call != null ? new CallWatch(call) : null;
        } catch (RuntimeException | Error ex) {
            log(ex);
            return null;
        }
    }

    /** Called inside the guard. */
    void contended(QueueGuard guard, @Nullable LockHolder holder) {
        if (!this.contended) {
            this.contended = true;
            guard.afterwards(() -> tell(told -> told.contended(holder)));
        }
    }

    void acquired(long fencingToken, boolean handedOff) {
        tell(told -> told.acquired(fencingToken, handedOff));
    }

    void refused(Throwable failure) {
        tell(told -> told.refused(failure));
    }

    /** Called inside the guard. */
    static void ended(@Nullable CallWatch watch, QueueGuard guard, @Nullable LeaseLostException loss) {
        if (watch != null) {
            guard.afterwards(() -> watch.tell(told -> {
                if (loss == null) {
                    told.released();
                } else {
                    told.lost(loss);
                }
            }));
        }
    }

    /** Where a call was made; {@code null} if that is not known. */
    static @Nullable Throwable origin(@Nullable CallWatch watch) {
        try {
            return watch != null ? watch.call.origin() : null;
        } catch (RuntimeException | Error ex) {
            log(ex);
            return null;
        }
    }

    private void tell(Consumer<LockMonitor.Call> step) {
        try {
            step.accept(this.call);
        } catch (RuntimeException | Error ex) {
            log(ex);
        }
    }

    static void log(Throwable failure) {
        log.warn("A lock monitor failed", failure);
    }
}
