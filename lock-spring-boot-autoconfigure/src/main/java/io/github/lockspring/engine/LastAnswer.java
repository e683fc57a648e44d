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

    private final EngineContext engine;

    private Lease.@Nullable Setting firstQuestion;

    private Lease.@Nullable Setting question;

    private AcquireOutcome.@Nullable Contended answer;

    /** Whether a later question failed, so that the answer says nothing about now. */
    private boolean outdated;

    LastAnswer(EngineContext engine) {
        this.engine = engine;
    }

    void asked(Lease.Setting question) {
        if (this.firstQuestion == null) {
            this.firstQuestion = question;
        }
    }

    void answered(Lease.Setting question, AcquireOutcome.Contended answer) {
        this.question = question;
        this.answer = answer;
        this.outdated = false;
    }

    void failed() {
        this.outdated = true;
    }

    boolean exists() {
        return this.answer != null;
    }

    /** Who has the lock, {@code null} if that is not known. */
    @Nullable LockHolder contender(long now) {
        AcquireOutcome.Contended last = this.answer;
        Lease.Setting asked = this.question;
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
     * @return the latest point in time at which the lease can have begun; long ago if that cannot be told
     */
    long startOf(Grant grant, long now) {
        AcquireOutcome.Contended last = this.answer;
        Lease.Setting asked = last != null ? this.question : this.firstQuestion;
        if (asked == null || asked.epoch() != this.engine.suspensions().seen(now)) {
            return now - Nanos.FOREVER;
        }
        if (last == null) {
            return asked.at();
        }
        boolean trusted = now - asked.at() <= TRUSTED && asked.at() - this.engine.listeningChangedAt() >= 0;
        long start = asked.at() + TimeUnit.MICROSECONDS.toNanos(grant.serverTimeMicros() - last.serverTimeMicros());
        return trusted ? Math.min(start - now, 0) + now : now - Nanos.FOREVER;
    }
}
