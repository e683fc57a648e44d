package io.github.lockspring.reactive;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The leases that a pipeline runs under, innermost first: what {@link io.github.lockspring.LockContext} is for threads.
 *
 * @since 0.1
 */
public final class ReactiveLockContext {

    private static final Object KEY = ReactiveLockContext.class;

    private ReactiveLockContext() {}

    /** A lease and those around it. */
    private record Leases(LockLease lease, @Nullable Leases outer) {}

    /**
     * Returns the innermost lease of a pipeline.
     *
     * @param context Reactor's context
     * @return the lease, empty outside of any lock
     */
    public static Optional<LockLease> current(ContextView context) {
        return Optional.ofNullable(find(context, lease -> true));
    }

    /**
     * Returns the innermost lease of the pipeline that subscribes.
     *
     * @return the lease, empty outside of any lock
     */
    public static Mono<LockLease> current() {
        return Mono.deferContextual(context -> Mono.justOrEmpty(current(context)));
    }

    /**
     * Returns the innermost lease that a pipeline has of a lock.
     *
     * @param context Reactor's context
     * @param options which lock; all other options are ignored
     * @return the lease, empty if the pipeline does not run under this lock
     */
    public static Optional<LockLease> current(ContextView context, LockOptions options) {
        String name = options.lockName().fullName();
        return Optional.ofNullable(find(context, lease -> lease.fullName().equals(name)));
    }

    static @Nullable LockLease find(ContextView context, Predicate<LockLease> filter) {
        for (Leases leases = context.getOrDefault(KEY, null); leases != null; leases = leases.outer) {
            if (filter.test(leases.lease)) {
                return leases.lease;
            }
        }
        return null;
    }

    /**
     * Makes a lease the innermost one of a pipeline.
     *
     * @param context Reactor's context
     * @param lease the lease
     * @return the context of what runs under the lease
     */
    public static Context with(Context context, LockLease lease) {
        return context.put(KEY, new Leases(lease, context.getOrDefault(KEY, null)));
    }
}
