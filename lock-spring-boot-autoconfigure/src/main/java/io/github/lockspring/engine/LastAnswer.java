package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockOptions;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.Grant;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The newest answered question of a request, and what it tells: who has the lock, and how the store's clock stood then,
 * which dates a grant. Guarded by the queue.
 */
final class LastAnswer {

    /** An answered question proves a grant's time only while it is younger than this. */
    private static final long TRUSTED = 2_000 * Nanos.MILLI;

    private LeaseValidity.@Nullable Setting question;

    private AcquireOutcome.@Nullable Contended answer;

    /** Whether a later question failed, so that the answer says nothing about now. */
    private boolean outdated;

    void asked(LeaseValidity.Setting first) {
        if (this.question == null) {
            this.question = first;
        }
    }

    void answered(LeaseValidity.Setting question, AcquireOutcome.Contended answer) {
        this.question = question;
        this.answer = answer;
        this.outdated = false;
    }

    void failed() {
        this.outdated = true;
    }

    /** Who has the lock, {@code null} if that is not known. */
    @Nullable LockHolder contender(long now) {
        AcquireOutcome.Contended last = this.answer;
        LeaseValidity.Setting asked = this.question;
        if (last == null || asked == null || this.outdated) {
            return null;
        }
        LockHolder holder = last.holder();
        if (holder.remaining().equals(LockOptions.FOREVER)) {
            return holder;
        }
        Duration left = holder.remaining().minusNanos(now - asked.at());
        return new LockHolder(holder.owner(), left.isNegative() ? Duration.ZERO : left);
    }

    /**
     * Dates a grant. Its lease began when the store granted it, which is as long after our newest answered question as
     * the store's own clock says, and not after now. Before the first answer it began after the first question at least.
     *
     * @param sameSince since when the subscription has been the same
     * @return the lease as set at the latest point in time at which it can have begun; {@code null} if that cannot be told
     */
    LeaseValidity.@Nullable Setting settingOf(Grant grant, long sameSince, long now) {
        AcquireOutcome.Contended last = this.answer;
        LeaseValidity.Setting asked = this.question;
        if (last == null || asked == null) {
            return asked != null ? asked.later(grant.lease(), 0) : null;
        }
        if (now - asked.at() > TRUSTED || asked.at() - sameSince < 0) {
            return null;
        }
        long micros = grant.serverTimeMicros() - last.serverTimeMicros();
        return asked.later(grant.lease(), Math.min(TimeUnit.MICROSECONDS.toNanos(micros), now - asked.at()));
    }
}
