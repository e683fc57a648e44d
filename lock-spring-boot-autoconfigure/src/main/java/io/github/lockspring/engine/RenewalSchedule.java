package io.github.lockspring.engine;

import io.github.lockspring.LockRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When the lease of a held tenure is to be renewed, as its present hold needs it. Guarded by the queue. */
final class RenewalSchedule {

    /** What is due within this time goes out with what is due now. */
    static final long BATCH = 50 * Nanos.MILLI;

    /** A hold that is over by then needs no longer lease than it began with, if that was no shorter than this. */
    private static final long SHORT_HOLD = 10 * Nanos.MILLI;

    private static final long ENOUGH_FOR_SHORT_HOLDS = 1_000 * Nanos.MILLI;

    private static final long SHORTEST_PAUSE = 10 * Nanos.MILLI;

    private static final long LONGEST_PAUSE = 1_000 * Nanos.MILLI;

    private final LeaseValidity lease;

    private final long commandTimeout;

    /** The renewal that waits for its answer. */
    private LeaseValidity.@Nullable Setting underWay;

    /** What the present hold has asked for, {@code null} while there is none. */
    private @Nullable LockRequest wanted;

    private long heldSince;

    /** Whether a hold that is not renewed has got the lease that it has asked for. */
    private boolean complete;

    /** Whether a renewal that nobody answered may have extended the lease, or may yet. */
    private boolean unanswered;

    /** No renewal before then: one has failed, or the hold may be over. */
    private long notBefore;

    RenewalSchedule(LeaseValidity lease, long commandTimeout) {
        this.lease = lease;
        this.commandTimeout = commandTimeout;
    }

    /** The tenure begins, or goes on. */
    void begin(long now) {
        this.underWay = null;
        this.wanted = null;
        this.notBefore = now;
    }

    /**
     * Whether what is left of the lease is enough for a hold to begin: its lease time less one renewal period or, without
     * renewal, its lease time, set since the hold before ended.
     */
    boolean covers(LockRequest request, long idleSince, long now) {
        long left = this.lease.left(now);
        long length = Nanos.of(request.leaseTime());
        return request.renew()
                ? left >= length - length / 3 - length / 50 - 20 * Nanos.MILLI
                : left >= length || left > 0 && this.lease.wasSet(request.leaseTime(), idleSince);
    }

    /** What is left of a lease when a third of what it proves has passed. */
    private static long leftWhenDue(LockRequest hold) {
        return Nanos.proven(0, hold.leaseTime()) / 3 * 2;
    }

    /** A hold begins: from now on its lease is what renewals ask for. */
    void holdBegins(LockRequest request, boolean covered, long now) {
        this.wanted = request;
        this.heldSince = now;
        this.complete = covered;
        if (!covered && this.lease.left(now) >= ENOUGH_FOR_SHORT_HOLDS) {
            this.notBefore = now + SHORT_HOLD;
        }
    }

    boolean awaitsAnswer() {
        return this.underWay != null;
    }

    void holdEnds() {
        this.wanted = null;
    }

    /** Whether nothing hinders another renewal; if so, it is noted as sent. */
    LeaseValidity.@Nullable Setting start(Duration length, long now) {
        if (this.underWay != null || length.toMillis() <= 0) {
            return null;
        }
        this.underWay = this.lease.set(length, now);
        return this.underWay;
    }

    /** The renewal that is due for the present hold. */
    LeaseValidity.@Nullable Setting startIfDue(long now) {
        LockRequest hold = this.wanted;
        if (hold == null || idleFor(hold, now) > BATCH) {
            return null;
        }
        if (hold.renew()) {
            return start(hold.leaseTime(), now);
        }
        return start(
                this.complete
                        ? Duration.ofNanos(this.lease.leftUntilOver(now))
                        : hold.leaseTime().minusNanos(now - this.heldSince),
                now);
    }

    private long idleFor(LockRequest hold, long now) {
        long left = this.lease.left(now);
        long idle = left <= 0 ? 0 : hold.renew() ? left - leftWhenDue(hold) : this.complete ? Nanos.FOREVER : 0;
        return Math.max(idle, this.notBefore - now);
    }

    /** How long nothing is due: neither a renewal, nor the end of waiting for one, nor the end of the lease. */
    long idleFor(long now) {
        LeaseValidity.Setting sent = this.underWay;
        LockRequest hold = this.wanted;
        long idle = sent != null
                ? sent.at() + this.commandTimeout - now
                : hold != null ? idleFor(hold, now) : Nanos.FOREVER;
        return Math.min(idle, this.lease.leftUntilOver(now));
    }

    /** Gives up waiting for a renewal that nobody answers; returns whether there was one. */
    boolean giveUpUnanswered(long now) {
        LeaseValidity.Setting sent = this.underWay;
        if (sent == null || now - sent.at() < this.commandTimeout) {
            return false;
        }
        this.underWay = null;
        this.unanswered = true;
        return true;
    }

    /** Whether the lease may be longer in the store than it is here. */
    boolean mayLinger() {
        return this.underWay != null || this.unanswered;
    }

    void renewed(LeaseValidity.Setting setting, long now) {
        answered(setting);
        this.unanswered = false;
        this.lease.confirm(setting, now);
        LockRequest hold = this.wanted;
        if (hold != null && !hold.renew()) {
            this.complete |= setting.at() - this.heldSince >= 0;
        }
    }

    /** Returns the pause after which the renewal is tried again. */
    long failed(LeaseValidity.Setting setting, boolean unknown, long now) {
        answered(setting);
        this.unanswered |= unknown;
        long pause = Math.max(SHORTEST_PAUSE, Math.min(this.lease.left(now) / 8, LONGEST_PAUSE));
        this.notBefore = now + pause;
        return pause;
    }

    private void answered(LeaseValidity.Setting setting) {
        if (this.underWay == setting) {
            this.underWay = null;
        }
    }
}
