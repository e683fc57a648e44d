package io.github.lockspring.engine;

import io.github.lockspring.LockRequest;
import io.github.lockspring.store.RenewOutcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keeps the lease of a held tenure as long as its hold needs it. Guarded by the queue. */
final class LeaseKeeper {

    /** What is due within this time goes out with what is due now. */
    static final long BATCH = 50 * Nanos.MILLI;

    /** A hold that is over by then needs no longer lease than it began with, if that was no shorter than this. */
    private static final long SHORT_HOLD = 10 * Nanos.MILLI;

    private static final long ENOUGH_FOR_SHORT_HOLDS = 1_000 * Nanos.MILLI;

    private static final long SHORTEST_PAUSE = 10 * Nanos.MILLI;

    private static final long LONGEST_PAUSE = 1_000 * Nanos.MILLI;

    private final EngineContext engine;

    private final Lease lease;

    /** The renewal that waits for its answer. */
    private Lease.@Nullable Setting underWay;

    /** What the present hold has asked for, {@code null} while there is none. */
    private @Nullable LockRequest wanted;

    private long heldSince;

    /** Whether the hold has got the lease that it has asked for. */
    private boolean complete;

    /** When to renew next. */
    private long dueAt;

    LeaseKeeper(EngineContext engine, Lease lease) {
        this.engine = engine;
        this.lease = lease;
    }

    /** The tenure begins, or begins anew. */
    void begin() {
        this.underWay = null;
        this.wanted = null;
    }

    /**
     * Whether what is left of the lease is enough for a hold to begin: its lease time less one renewal period or,
     * without renewal, exactly its lease time, set since the hold before ended.
     */
    boolean covers(LockRequest request, long idleSince, long now) {
        if (this.lease.doubtful() || this.lease.left(now) <= 0) {
            return false;
        }
        long length = Nanos.of(request.leaseTime());
        return request.renew()
                ? this.lease.leftAsSet(now) >= length - length / 3 - length / 50 - 20 * Nanos.MILLI
                : this.lease.start() - idleSince >= 0 && this.lease.length().equals(request.leaseTime());
    }

    /** A hold begins: from now on its lease is what renewals ask for. */
    void holdBegins(LockRequest request, long idleSince, long now) {
        this.wanted = request;
        this.heldSince = now;
        planned(request, covers(request, idleSince, now), now);
        if (!this.complete && this.lease.left(now) >= ENOUGH_FOR_SHORT_HOLDS) {
            this.dueAt = now + SHORT_HOLD;
        }
    }

    void holdEnds() {
        this.wanted = null;
    }

    /** Whether nothing hinders another renewal; if so, it is noted as sent. */
    Lease.@Nullable Setting start(Duration length, long now) {
        if (this.underWay != null) {
            return null;
        }
        Lease.Setting setting = this.lease.set(length, now);
        this.underWay = setting;
        return setting;
    }

    /** The renewal that is due for the present hold. */
    Lease.@Nullable Setting startIfDue(long now) {
        LockRequest hold = this.wanted;
        if (hold == null || !needsRenewal(hold) || dueAt(now) - now > BATCH) {
            return null;
        }
        Duration length = hold.leaseTime();
        if (!hold.renew()) {
            length = length.minusNanos(now - this.heldSince);
            if (length.toMillis() <= 0) {
                return null;
            }
        }
        return start(length, now);
    }

    private boolean needsRenewal(LockRequest hold) {
        return hold.renew() || !this.complete || this.lease.doubtful();
    }

    private long dueAt(long now) {
        return this.lease.doubtful() && this.dueAt - now > 0 ? now : this.dueAt;
    }

    /** Gives up waiting for a renewal that nobody answers; returns whether there was one. */
    boolean giveUpUnanswered(long now) {
        Lease.Setting sent = this.underWay;
        if (sent == null || now - sent.at() < this.engine.commandTimeout()) {
            return false;
        }
        this.underWay = null;
        this.lease.unanswered(sent);
        this.dueAt = now;
        return true;
    }

    /** How long nothing is due. */
    long idleFor(long now) {
        long left = this.lease.left(now);
        Lease.Setting sent = this.underWay;
        LockRequest hold = this.wanted;
        if (sent != null) {
            return Math.min(left, sent.at() + this.engine.commandTimeout() - now);
        }
        return hold != null && needsRenewal(hold) ? Math.min(left, dueAt(now) - now) : left;
    }

    void renewed(Lease.Setting setting, long now) {
        answered(setting);
        this.lease.confirm(setting);
        LockRequest hold = this.wanted;
        if (hold != null) {
            boolean itsOwn = setting.at() - this.heldSince >= 0;
            boolean enough = hold.renew() && setting.length().compareTo(hold.leaseTime()) >= 0;
            planned(hold, itsOwn || enough || this.complete && !hold.renew(), now);
        }
    }

    /** A third of what is proven may pass until the next renewal. */
    private void planned(LockRequest hold, boolean complete, long now) {
        this.complete = complete;
        long start = this.lease.start();
        long proven = this.lease.left(now) + now - start;
        this.dueAt = complete ? start + Math.min(proven, Nanos.of(hold.leaseTime())) / 3 : now;
    }

    /** Returns the pause after which the renewal is tried again. */
    long failed(Lease.Setting setting, RenewOutcome.Failed failure, long now) {
        answered(setting);
        if (isUnknown(failure)) {
            this.lease.unanswered(setting);
        } else {
            this.lease.forget(setting);
        }
        long pause = Math.max(SHORTEST_PAUSE, Math.min(this.lease.left(now) / 8, LONGEST_PAUSE));
        this.dueAt = now + pause;
        return pause;
    }

    /** The hold is over that the renewal was sent for, or the whole tenure. */
    void answeredTooLate(Lease.Setting setting, RenewOutcome outcome) {
        answered(setting);
        if (outcome instanceof RenewOutcome.Renewed) {
            this.lease.confirm(setting);
        } else if (outcome instanceof RenewOutcome.Failed failed && isUnknown(failed)) {
            this.lease.unanswered(setting);
        } else {
            this.lease.forget(setting);
        }
    }

    private static boolean isUnknown(RenewOutcome.Failed failure) {
        return StoreFailures.isUnknown(failure.cause());
    }

    /** A question that was still open when the tenure began has set the lease again, now or before. */
    void setByQuestion(Lease.Setting setting, long now) {
        this.lease.answeredLate(setting, now);
        LockRequest hold = this.wanted;
        if (hold != null && setting.length().compareTo(hold.leaseTime()) < 0) {
            this.complete = false;
            this.dueAt = now;
        }
    }

    private void answered(Lease.Setting setting) {
        if (this.underWay == setting) {
            this.underWay = null;
        }
    }
}
