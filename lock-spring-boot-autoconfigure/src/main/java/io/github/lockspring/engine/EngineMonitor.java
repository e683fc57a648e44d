package io.github.lockspring.engine;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the monitor of an engine, if there is one, is told of its locks. Inside their guards, once those are free. */
record EngineMonitor(@Nullable LockMonitor monitor, MonitorFailures failures) {

    static final EngineMonitor NONE = of(null);

    static EngineMonitor of(@Nullable LockMonitor monitor) {
        return new EngineMonitor(monitor, new MonitorFailures(System::nanoTime));
    }

    @Nullable CallWatch watch(LockRequest request) {
        return CallWatch.of(this.monitor, request, this.failures);
    }

    void renewed(LockName name, long late, QueueGuard guard) {
        tell(told -> told.renewed(name, Nanos.elapsed(0, late)), guard);
    }

    void renewalFailed(LockName name, LockStoreException failure, QueueGuard guard) {
        tell(told -> told.renewalFailed(name, failure), guard);
    }

    void handedOver(LockName name, QueueGuard guard) {
        tell(told -> told.handedOver(name), guard);
    }

    /** Called outside of all guards. */
    void skipped(LockNotAcquiredException failure) {
        if (this.monitor != null) {
            tell(told -> told.skipped(failure), this.monitor);
        }
    }

    /** A hold is lost, which ends its call. */
    void lost(@Nullable CallWatch call, LockName name, Duration heldFor, LeaseLostException loss, QueueGuard guard) {
        CallWatch.ended(call, guard, loss);
        tell(told -> told.lost(name, heldFor, loss), guard);
    }

    private void tell(Consumer<LockMonitor> event, QueueGuard guard) {
        LockMonitor present = this.monitor;
        if (present != null) {
            guard.afterwards(() -> tell(event, present));
        }
    }

    private void tell(Consumer<LockMonitor> event, LockMonitor told) {
        try {
            event.accept(told);
        } catch (RuntimeException | Error ex) {
            this.failures.log(ex);
        }
    }
}
