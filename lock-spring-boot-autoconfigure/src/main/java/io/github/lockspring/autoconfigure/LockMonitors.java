package io.github.lockspring.autoconfigure;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.WarningLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All monitors of an application as one. What one of them throws keeps nothing from the others, and is logged once a
 * minute at most for each.
 */
final class LockMonitors implements LockMonitor {

    private static final Logger logger = LoggerFactory.getLogger(LockMonitors.class);

    private final List<Member<LockMonitor>> monitors;

    private LockMonitors(List<LockMonitor> monitors) {
        this.monitors = monitors.stream()
                .map(monitor -> new Member<>(monitor, new WarningLimit(System::nanoTime)))
                .toList();
    }

    /** The monitor of an engine, {@code null} if there is none. */
    static @Nullable LockMonitor of(List<LockMonitor> monitors) {
        return switch (monitors.size()) {
            case 0 -> null;
            case 1 -> monitors.get(0);
            default -> new LockMonitors(monitors);
        };
    }

    @Override
    public @Nullable Call begin(LockRequest request) {
        Member<Call> only = null;
        List<Member<Call>> calls = null;
        for (Member<LockMonitor> monitor : this.monitors) {
            Member<Call> call = begin(monitor, request);
            if (call != null && only == null) {
                only = call;
            } else if (call != null) {
                calls = calls != null ? calls : new ArrayList<>(List.of(only));
                calls.add(call);
            }
        }
        return calls != null ? new Calls(calls) : only != null ? only.told() : null;
    }

    private static @Nullable Member<Call> begin(Member<LockMonitor> monitor, LockRequest request) {
        try {
            Call call = monitor.told().begin(request);
            return call != null ? new Member<>(call, monitor.failures()) : null;
        } catch (RuntimeException | Error ex) {
            monitor.failed(ex);
            return null;
        }
    }

    @Override
    public void renewed(LockName name, Duration late) {
        tellAll(this.monitors, monitor -> monitor.renewed(name, late));
    }

    @Override
    public void renewalFailed(LockName name, LockStoreException failure) {
        tellAll(this.monitors, monitor -> monitor.renewalFailed(name, failure));
    }

    @Override
    public void handedOver(LockName name) {
        tellAll(this.monitors, monitor -> monitor.handedOver(name));
    }

    @Override
    public void skipped(LockNotAcquiredException failure) {
        tellAll(this.monitors, monitor -> monitor.skipped(failure));
    }

    @Override
    public void lost(LockName name, Duration heldFor, LeaseLostException loss) {
        tellAll(this.monitors, monitor -> monitor.lost(name, heldFor, loss));
    }

    private static <T> void tellAll(List<Member<T>> all, Consumer<T> event) {
        for (Member<T> each : all) {
            try {
                event.accept(each.told());
            } catch (RuntimeException | Error ex) {
                each.failed(ex);
            }
        }
    }

    /** A monitor, or a call of one. */
    private record Member<T>(T told, WarningLimit failures) {

        void failed(Throwable failure) {
            this.failures.warn(leftOut -> logger.warn(
                    "A lock monitor failed: {} ({} further failures since that was last said)",
                    this.told.getClass().getName(),
                    leftOut,
                    failure));
        }
    }

    private record Calls(List<Member<Call>> calls) implements Call {

        @Override
        public void contended(@Nullable LockHolder holder) {
            tellAll(this.calls, call -> call.contended(holder));
        }

        @Override
        public void acquired(long fencingToken, boolean handedOff) {
            tellAll(this.calls, call -> call.acquired(fencingToken, handedOff));
        }

        @Override
        public void refused(Throwable failure) {
            tellAll(this.calls, call -> call.refused(failure));
        }

        @Override
        public @Nullable Throwable origin() {
            for (Member<Call> call : this.calls) {
                try {
                    Throwable origin = call.told().origin();
                    if (origin != null) {
                        return origin;
                    }
                } catch (RuntimeException | Error ex) {
                    call.failed(ex);
                }
            }
            return null;
        }

        @Override
        public void released() {
            tellAll(this.calls, Call::released);
        }

        @Override
        public void lost(LeaseLostException loss) {
            tellAll(this.calls, call -> call.lost(loss));
        }
    }
}
