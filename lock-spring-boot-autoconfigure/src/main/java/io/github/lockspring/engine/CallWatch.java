package io.github.lockspring.engine;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockRequest;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the monitor is told of one call. What it throws is logged. Inside a guard, it is told once that is free. */
final class CallWatch {

    private final LockMonitor.Call call;

    private final MonitorFailures failures;

    /** Written once, inside the guard. */
    private volatile @Nullable Contention contention;

    private CallWatch(LockMonitor.Call call, MonitorFailures failures) {
        this.call = call;
        this.failures = failures;
    }

    /** Of a call on the current thread; {@code null} if it is not monitored. */
    static @Nullable CallWatch of(@Nullable LockMonitor monitor, LockRequest request, MonitorFailures failures) {
        if (monitor == null) {
            return null;
        }
        try {
            LockMonitor.Call call = monitor.begin(request);
            return call != null ? new CallWatch(call, failures) : null;
        } catch (RuntimeException | Error ex) {
            failures.log(ex);
            return null;
        }
    }

    /** Called inside the guard. */
    void contended(QueueGuard guard, @Nullable LockHolder holder) {
        if (this.contention == null) {
            Contention found = new Contention(this, holder);
            this.contention = found;
            guard.afterwards(found::tell);
        }
    }

    void acquired(long fencingToken, boolean handedOff) {
        tellContention();
        tell(told -> told.acquired(fencingToken, handedOff));
    }

    void refused(Throwable failure) {
        tellContention();
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

    private void tellContention() {
        Contention found = this.contention;
        if (found != null) {
            found.tell();
        }
    }

    /** Where a call was made; {@code null} if that is not known. */
    static @Nullable Throwable origin(@Nullable CallWatch watch) {
        if (watch == null) {
            return null;
        }
        try {
            return watch.call.origin();
        } catch (RuntimeException | Error ex) {
            watch.failures.log(ex);
            return null;
        }
    }

    private void tell(Consumer<LockMonitor.Call> step) {
        try {
            step.accept(this.call);
        } catch (RuntimeException | Error ex) {
            this.failures.log(ex);
        }
    }

    /**
     * Another caller has the lock: told once, by the thread that has found it or by the one with which the call ends,
     * whichever is first. The other one waits for that, so that nothing is told after the end of the call.
     */
    private static final class Contention {

        private final CallWatch watch;

        private final @Nullable LockHolder holder;

        private final ReentrantLock order = new ReentrantLock();

        private boolean told;

        Contention(CallWatch watch, @Nullable LockHolder holder) {
            this.watch = watch;
            this.holder = holder;
        }

        void tell() {
            this.order.lock();
            try {
                if (!this.told) {
                    this.told = true;
                    this.watch.tell(call -> call.contended(this.holder));
                }
            } finally {
                this.order.unlock();
            }
        }
    }
}
