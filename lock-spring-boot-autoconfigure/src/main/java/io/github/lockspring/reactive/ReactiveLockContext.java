package io.github.lockspring.reactive;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import java.util.ArrayList;
import java.util.List;
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

    /** A text, since applications name it in {@code ContextSnapshotFactory.setThreadLocalsFrom(context, keys)}. */
    static final String KEY = "io.github.lockspring.leases";

    private ReactiveLockContext() {}

    /** A lease and those around it. */
    record Leases(LockLease lease, @Nullable Leases outer) {

        /** All of them, innermost first. */
        List<LockLease> toList() {
            if (this.outer == null) {
                return List.of(this.lease);
            }
            List<LockLease> all = new ArrayList<>(2);
            for (Leases leases = this; leases != null; leases = leases.outer) {
                all.add(leases.lease);
            }
            return all;
        }
    }

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
     * Returns all leases of a pipeline.
     *
     * @param context Reactor's context
     * @return the leases, innermost first
     */
    public static List<LockLease> leases(ContextView context) {
        Leases leases = context.getOrDefault(KEY, null);
        return leases != null ? leases.toList() : List.of();
    }

    /**
     * Returns the leases of the pipeline whose locked work the current thread is subscribing to: for code that is called
     * on that stack without Reactor's context, such as the listeners of a transaction that begins there.
     *
     * @return the leases, innermost first; empty outside of such a subscription
     */
    public static List<LockLease> subscribing() {
        return SubscribedLeases.current();
    }

    /**
     * Has a pipeline run outside of the locks that are around it: it acquires them like any other caller, and waits for
     * them. For work that goes on beside the work under the lock, such as inner pipelines that are subscribed to at the
     * same time.
     *
     * @param context Reactor's context
     * @return the context without leases, for {@code contextWrite(ReactiveLockContext::isolate)}
     */
    public static Context isolate(Context context) {
        return context.delete(KEY);
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
