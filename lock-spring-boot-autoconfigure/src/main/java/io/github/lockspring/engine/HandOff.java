package io.github.lockspring.engine;

import io.github.lockspring.store.StoreCapability;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who has the lock in this process, the tenure and its present hold, and who has it next. Guarded by the queue. */
final class HandOff {

    private final EngineContext engine;

    private final LocalQueue queue;

    private final Waiters waiters;

    private @Nullable Tenure tenure;

    private @Nullable Hold current;

    /** The caller that the present hold was given to. */
    private @Nullable Waiter receiver;

    /** When the last hold ended, or the lease was set without any. */
    private long idleSince;

    HandOff(EngineContext engine, LocalQueue queue, Waiters waiters) {
        this.engine = engine;
        this.queue = queue;
        this.waiters = waiters;
    }

    @Nullable Tenure tenure() {
        return this.tenure;
    }

    @Nullable Hold current() {
        return this.current;
    }

    /** Whether the present hold will never be ended by its caller: it has not got it, or is gone. */
    boolean isAbandoned(Hold hold, long now) {
        Waiter caller = this.receiver;
        boolean given = caller != null && caller.hold == hold && !caller.isGone(now);
        return !given || hold.isClosed() || hold.isOrphaned();
    }

    /** The tenure if it is held while nobody has a hold. */
    @Nullable Tenure idle() {
        Tenure present = this.tenure;
        return present != null && present.state() == Tenure.State.HELD && this.current == null ? present : null;
    }

    void requested(Tenure requested) {
        this.tenure = requested;
    }

    /** The tenure is over, or is left to itself. */
    void tenureEnds() {
        this.tenure = null;
        this.current = null;
    }

    /** The present hold is lost, and its tenure with it; returns the listeners to be run. */
    List<Runnable> lose(Hold hold, String reason) {
        tenureEnds();
        return hold.lost(reason);
    }

    /** The present hold ends in time or, as may turn out now, too late. */
    void holdEnds(Tenure held, Hold hold, long now) {
        if (held.lease().leftUntilOver(now) <= 0) {
            hold.lost("it was not renewed before it ran out");
        } else {
            hold.ended = true;
        }
        this.current = null;
        this.idleSince = now;
        held.holdEnds();
    }

    /** Gives an idle lock to a caller that has just come, ahead of those who sleep, if it needs nothing else. */
    boolean takenAtOnce(Waiter waiter) {
        Tenure idle = idle();
        if (idle == null) {
            return false;
        }
        long now = this.engine.clock.nanoTime();
        if (idle.slice().isOver(now) || !idle.schedule().covers(waiter.request, this.idleSince, now)) {
            return false;
        }
        waiter.give(begin(idle, waiter, true, now), this.queue.guard());
        return true;
    }

    /**
     * The tenure is held: the first caller begins, those that waited beyond their time are contended. An answer that took its
     * time, with the connection perhaps, may leave little of the lease or nothing: then the renewal answers first.
     */
    void began(Tenure held, Waiter first, long now) {
        this.idleSince = held.lease().start();
        if (!held.lease().provesHalf(now)) {
            held.renewer().extend(first.request.leaseTime(), now);
            return;
        }
        this.waiters.give(first, begin(held, first, held.schedule().covers(first.request, this.idleSince, now), now));
        if (!this.waiters.isEmpty()) {
            this.waiters.refuseOvertime(Refusal.contended(held.holder()), now);
        }
        if (this.waiters.isEmpty()) {
            held.renewer().extendInTime(now);
        } else {
            held.renewer().extendIfDue(now);
        }
    }

    /** The lease has been extended, which an idle tenure has waited for. */
    void extended(long now) {
        Tenure idle = idle();
        if (idle != null) {
            idle.slice().waited(this.idleSince, now);
        }
    }

    /** Gives an idle lock to a caller, after an extension where it needs one, or has the store decide. */
    void passOn(Tenure held, Waiter next, boolean awake, long now) {
        if (held.slice().isOver(now)) {
            if (this.engine.storeCan(StoreCapability.KEEP)) {
                held.keep(this.waiters.wantedLease(), now);
            } else {
                held.free(now);
            }
        } else if (!held.schedule().covers(next.request, this.idleSince, now)) {
            held.renewer().extend(next.request.leaseTime(), now);
        } else if (awake || !next.takesByItself() || next.overtakenForLong(now)) {
            this.waiters.give(next, begin(held, next, true, now));
        } else {
            next.signal(this.queue.guard(), now);
        }
    }

    private Hold begin(Tenure held, Waiter waiter, boolean covered, long now) {
        Hold hold =
                new Hold(this.queue, held, waiter.request.name(), held.slice().nextToken());
        this.current = hold;
        this.receiver = waiter;
        held.schedule().holdBegins(waiter.request, covered, now);
        held.lookEarlier(held.schedule().idleFor(now), now);
        return hold;
    }
}
