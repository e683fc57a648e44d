package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.Grant;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The content of the newest answer that another owner has the lock: who that is, and when a later grant was made. The
 * store's clock is compared with itself only; ours runs from the moment at which the request was sent that was
 * answered. Guarded by the queue.
 */
final class GrantDating {

    /** An answer dates a grant only while the request that it answers is younger than this. */
    private static final long TRUSTED = 2_000 * Nanos.MILLI;

    private final EngineContext engine;

    /** The request that was answered; the first one before that. */
    private LeaseValidity.@Nullable Setting request;

    private AcquireOutcome.@Nullable Contended answer;

    /** Whether a later request failed, so that the answer does not say who has the lock now. */
    private boolean outdated;

    GrantDating(EngineContext engine) {
        this.engine = engine;
    }

    void requested(LeaseValidity.Setting sent) {
        if (this.request == null) {
            this.request = sent;
        }
    }

    void answered(LeaseValidity.Setting sent, AcquireOutcome.Contended answered) {
        this.request = sent;
        this.answer = answered;
        this.outdated = false;
    }

    /** Whether an answer names another holder than the one before. */
    boolean isNews(AcquireOutcome.Contended another) {
        AcquireOutcome.Contended last = this.answer;
        return last == null || !last.holder().owner().equals(another.holder().owner());
    }

    void failed() {
        this.outdated = true;
    }

    /** The known holder of the lock, if it is another owner; {@code null} if it is not known, or the lock is free. */
    @Nullable LockHolder contender(long now) {
        AcquireOutcome.Contended last = this.answer;
        LeaseValidity.Setting asked = this.request;
        if (last == null || asked == null || this.outdated) {
            return null;
        }
        LockHolder holder = last.holder();
        Duration remaining = holder.remaining();
        if (remaining == null) {
            return holder;
        }
        Duration left = remaining.minusNanos(now - asked.at());
        return new LockHolder(holder.owner(), left.isNegative() ? Duration.ZERO : left);
    }

    /**
     * Dates a grant. Its lease began when the store granted it, which is as long after the newest answered request as
     * the store's own clock says, and not later than now. Before the first answer it began after the first request at
     * least.
     *
     * @return the lease as set at a point in time at which it had not begun yet, the latest that is known; {@code null}
     *     if none is known
     */
    LeaseValidity.@Nullable Setting date(Grant grant, long now) {
        AcquireOutcome.Contended last = this.answer;
        LeaseValidity.Setting asked = this.request;
        if (last == null || asked == null) {
            return asked != null ? asked.executedAfter(0, grant.lease()) : null;
        }
        long micros = grant.serverTimeMicros() - last.serverTimeMicros();
        if (micros < 0 || now - asked.at() > TRUSTED || asked.at() - this.engine.connectionChangedAt() < 0) {
            return null;
        }
        long nanos = Math.min(TimeUnit.MICROSECONDS.toNanos(micros), now - asked.at());
        return asked.executedAfter(nanos, grant.lease());
    }
}
