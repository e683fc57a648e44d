package io.github.lockspring.reactive;

import io.github.lockspring.LockContext;
import io.github.lockspring.reactive.ReactiveLockContext.Leases;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has {@link LockContext} show the leases of a pipeline wherever Micrometer's context propagation restores the values of
 * Reactor's context: in {@code handle} and {@code tap}, in every operator where Reactor propagates automatically, and in
 * the scopes of a {@code ContextSnapshot} of that context. Leases of the thread itself are hidden there. Found by
 * {@link java.util.ServiceLoader}. Thread-safe.
 *
 * <p>Leases of a thread are never captured: a task that is handed to another thread, by an executor that carries
 * thread-local values, would re-enter a hold that is not its own. Only what was restored from a pipeline is captured,
 * and only by Reactor, which carries it to the thread on which the pipeline goes on. That Reactor asks is seen by the
 * stack, which is looked at only where there is something to hide: if its classes are renamed, the lease is missing
 * behind the next change of threads, and nothing is inherited that should not be.
 *
 * <p>What is set is a stack of scopes, since a value that is hidden from {@link #getValue()} could not be restored
 * otherwise. The value to restore is the scope that was there: Reactor's queues leave scopes open, and close scopes
 * twice.
 *
 * @since 0.1
 */
public final class LeasesThreadLocalAccessor implements ThreadLocalAccessor<Object> {

    private static final String SNAPSHOT = "io.micrometer.context.DefaultContextSnapshot";

    private static final String REACTOR = "reactor.core.publisher.ContextPropagation";

    /** From the caller of {@link #getValue()} to Reactor's class there are four frames. */
    private static final int NEAREST_FRAMES = 8;

    private static final ThreadLocal<@Nullable Restored> INNERMOST = new ThreadLocal<>();

    /** Creates an accessor. */
    public LeasesThreadLocalAccessor() {}

    /** What was restored, and what had been before. */
    private static final class Restored {

        private final @Nullable Leases leases;

        private final LockContext.Scope scope;

        private final @Nullable Restored outer;

        Restored(@Nullable Leases leases, LockContext.Scope scope, @Nullable Restored outer) {
            this.leases = leases;
            this.scope = scope;
            this.outer = outer;
        }

        /** Nothing if it is hidden by an isolation in the meantime. */
        @Nullable Leases shown() {
            Leases restored = this.leases;
            return restored != null && LockContext.find(lease -> lease == restored.lease()) != null ? restored : null;
        }
    }

    private enum Caller {
        SCOPE,
        REACTOR,
        OTHER
    }

    @Override
    public Object key() {
        return ReactiveLockContext.KEY;
    }

    /** What {@link #restore(Object)} gets, or the leases that go on with the pipeline; nothing for all others. */
    @Override
    public @Nullable Object getValue() {
        Restored innermost = INNERMOST.get();
        if (innermost == null) {
            return null;
        }
        return switch (caller()) {
            case SCOPE -> innermost;
            case REACTOR -> innermost.shown();
            case OTHER -> null;
        };
    }

    private static Caller caller() {
        return StackWalker.getInstance().walk(frames -> {
            List<String> nearest = frames.skip(2)
                    .limit(NEAREST_FRAMES)
                    .map(frame -> frame.getClassName() + '.' + frame.getMethodName())
                    .toList();
            String first = nearest.isEmpty() ? "" : nearest.get(0);
            if (first.equals(SNAPSHOT + ".setThreadLocal") || first.equals(SNAPSHOT + ".clearThreadLocal")) {
                return Caller.SCOPE;
            }
            return nearest.stream().anyMatch(frame -> frame.startsWith(REACTOR)) ? Caller.REACTOR : Caller.OTHER;
        });
    }

    @Override
    public void setValue(Object value) {
        if (value instanceof Leases leases) {
            push(leases, LockContext.bindOnly(leases.toList()));
        } else {
            setValue();
        }
    }

    /** There is nothing to hide on most threads, and then nothing to restore. */
    @Override
    public void setValue() {
        if (!LockContext.isEmpty()) {
            push(null, LockContext.isolate());
        }
    }

    private static void push(@Nullable Leases leases, LockContext.Scope scope) {
        INNERMOST.set(new Restored(leases, scope, INNERMOST.get()));
    }

    @Override
    public void restore(Object previousValue) {
        if (previousValue instanceof Restored previous && isOpen(previous)) {
            pop(previous);
        }
        // or that of another thread, or one that was closed before
    }

    private static boolean isOpen(Restored scope) {
        Restored open = INNERMOST.get();
        while (open != null && open != scope) {
            open = open.outer;
        }
        return open != null;
    }

    @Override
    public void restore() {
        pop(null);
    }

    private static void pop(@Nullable Restored previous) {
        Restored innermost = INNERMOST.get();
        while (innermost != null && innermost != previous) {
            innermost.scope.close();
            innermost = innermost.outer;
        }
        if (innermost != null) {
            INNERMOST.set(innermost);
        } else {
            INNERMOST.remove();
        }
    }
}
