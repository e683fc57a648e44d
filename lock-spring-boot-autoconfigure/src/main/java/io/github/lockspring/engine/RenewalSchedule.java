package io.github.lockspring.engine;

import io.github.lockspring.LockRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the present hold of a tenure needs a renewal, and for how long a lease. A hold with renewal needs it when a
 * third of its proven lease has passed; a hold without renewal needs it until it has got the lease that it has
 * requested. Guarded by the queue.
 */
final class RenewalSchedule {

    /** Renewals due within this time are sent together with those due now. */
    static final long BATCH = 50 * Nanos.MILLI;

    /** A hold that is over by then needs no longer lease than it began with, if that was no shorter than this. */
    private static final long SHORT_HOLD = 10 * Nanos.MILLI;

    private static final long ENOUGH_FOR_SHORT_HOLDS = 1_000 * Nanos.MILLI;

    private static final long SHORTEST_RETRY = 10 * Nanos.MILLI;

    private static final long LONGEST_RETRY = 1_000 * Nanos.MILLI;

    private final LeaseValidity lease;

    /** The lease that the present hold has requested, {@code null} while there is no hold. */
    private @Nullable LockRequest hold;

    private long heldSince;

    /** Whether a hold that is not renewed has got the lease that it has asked for. */
    private boolean complete;

    /** Since when the renewal that was sent last, or the one that it repeats, was due. */
    private long dueSince;

    /** Whether the renewal that is due has been sent, and not answered with success. */
    private boolean tried;

    /** No renewal before then: one has failed, or the hold may be over. */
    private long notBefore;

    RenewalSchedule(LeaseValidity lease) {
        this.lease = lease;
    }

    /** The tenure begins, or goes on. */
    void begin(long now) {
        this.notBefore = now;
        this.tried = false;
    }

    /**
     * A hold begins: from now on, renewals request its lease.
     *
     * @param covered whether it already has that lease
     */
    void holdBegins(LockRequest request, boolean covered, long now) {
        this.hold = request;
        this.heldSince = now;
        this.complete = covered;
        if (!covered && this.lease.left(now) >= ENOUGH_FOR_SHORT_HOLDS) {
            this.notBefore = now + SHORT_HOLD;
        }
    }

    void holdEnds() {
        this.hold = null;
    }

    boolean hasHold() {
        return this.hold != null;
    }

    /** Whether the present hold, if any, is renewed as long as it lasts. */
    boolean isRenewed() {
        LockRequest present = this.hold;
        return present == null || present.renew();
    }

    /** A renewal that was sent then has extended the lease. */
    void renewed(long sentAt) {
        this.complete |= sentAt - this.heldSince >= 0;
        this.tried = false;
    }

    /** A renewal has failed; returns after how long the next one may be tried. */
    long retry(long now) {
        long pause = Math.max(SHORTEST_RETRY, Math.min(this.lease.left(now) / 8, LONGEST_RETRY));
        this.notBefore = now + pause;
        return pause;
    }

    /** The lease that a renewal must request now; {@code null} if none is due. */
    @Nullable Duration due(long now) {
        LockRequest present = this.hold;
        if (present == null || idleFor(present, this.lease.left(now), now) > BATCH) {
            return null;
        }
        if (present.renew()) {
            return this.lease.limited(present.leaseTime(), now);
        }
        return this.complete
                ? Duration.ofNanos(this.lease.leftUntilOver(now))
                : this.lease.limited(present.timeToLive().minusNanos(now - this.heldSince), now);
    }

    /** A renewal is being sent, perhaps again. */
    void sends(long now) {
        if (!this.tried) {
            this.dueSince = now + Math.min(0, idleFor(this.lease.left(now), now));
            this.tried = true;
        }
    }

    /** Since when the renewal that was sent, or the one that it repeats, was due. */
    long dueSince() {
        return this.dueSince;
    }

    /** For how long a renewal has been due that keeps the present hold alive. */
    long lateBy(long now) {
        LockRequest present = this.hold;
        long left = this.lease.left(now);
        if (present == null || !present.renew() || this.lease.reachesLimit() || left > leftWhenDue(present)) {
            return 0;
        }
        long due = now + Math.min(0, idleFor(present, left, now));
        return now - (this.tried ? Math.min(this.dueSince, due) : due);
    }

    /** How long no renewal is due, if so much of the lease is left. */
    long idleFor(long left, long now) {
        LockRequest present = this.hold;
        return present == null ? Nanos.FOREVER : idleFor(present, left, now);
    }

    private long idleFor(LockRequest present, long left, long now) {
        long idle = present.renew() ? left - leftWhenDue(present) : this.complete ? Nanos.FOREVER : 0;
        return Math.max(left <= 0 ? 0 : this.lease.reachesLimit() ? Nanos.FOREVER : idle, this.notBefore - now);
    }

    private static long leftWhenDue(LockRequest hold) {
        return Nanos.proven(0, hold.leaseTime()) / 3 * 2;
    }
}
