package io.github.lockspring.engine;

import io.github.lockspring.store.Grant;
import io.github.lockspring.store.TenureId;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Every owner of this engine that the store may know: those of tenures, and those that are leaving. The owner of a
 * tenure that has gone is registered as leaving before the tenure is removed; the owner of a lost tenure leaves when
 * its hold ends, if the store may know it. Thread-safe.
 */
final class Tenures {

    /** A tenure, as seen by the classes that handle all tenures. */
    interface Entry {

        /** For how long nothing is due, except a new or lost connection. */
        long idleFor(long now);

        /**
         * Checks whether something is due.
         *
         * @param due receives the renewal to send, or the wish to ask
         * @return for how long nothing else will be due; a busy queue is skipped
         */
        long check(DueCommands due);

        /** The store reports that it has, or had, given the lock to this owner. */
        void granted(Grant grant);

        /** The store reports that this owner no longer has the lock. */
        void disowned();

        /** How it gives its lock back, or has. */
        Release release();
    }

    private final ConcurrentMap<String, Entry> byOwner = new ConcurrentHashMap<>();

    private final OwnerFactory owners;

    private final EngineTimer timer;

    private final PendingLeaves leaves;

    Tenures(EngineContext engine, EngineTimer timer) {
        this.owners = engine.owners;
        this.timer = timer;
        this.leaves = new PendingLeaves(engine, timer);
    }

    PendingLeaves leaves() {
        return this.leaves;
    }

    EngineTimer timer() {
        return this.timer;
    }

    /** Adds a tenure, which is looked after from now on: where that fails, it must not be used. */
    void add(TenureId id, Entry tenure, long now) {
        this.byOwner.put(id.owner(), tenure);
        this.timer.run(now);
    }

    void remove(TenureId id, Entry tenure) {
        this.byOwner.remove(id.owner(), tenure);
    }

    Collection<Entry> all() {
        return this.byOwner.values();
    }

    boolean isEmpty() {
        return this.byOwner.isEmpty();
    }

    @Nullable Entry of(String owner) {
        return this.byOwner.get(owner);
    }

    /** The release of an owner of this engine that has been sent and not been answered. */
    @Nullable CompletableFuture<Void> releaseUnderWay(String owner) {
        Entry holder = of(owner);
        return holder != null && holder.release().isFreeing() ? holder.release().done : this.leaves.of(owner);
    }

    /**
     * Done when it is known whether an owner still has the lock that the store assigns to it: when its release, or
     * leave, has been answered, now or before; {@code null} if the owner does not belong to this engine, or if a hold
     * depends on it, or will.
     */
    @Nullable CompletableFuture<?> end(String owner) {
        Entry holder = of(owner);
        if (holder != null) {
            return holder.release().end();
        }
        CompletableFuture<Void> leave = this.leaves.of(owner);
        return leave != null ? leave : isGone(owner) ? Releases.NOTHING : null;
    }

    /**
     * Whether an owner of this engine, or of a copy of its machine, has no tenure here: an answer that names it is from
     * before its end, unless it was lost, or belongs to the copy.
     */
    boolean isGone(String owner) {
        return owner.startsWith(this.owners.client() + ':') && of(owner) == null;
    }
}
