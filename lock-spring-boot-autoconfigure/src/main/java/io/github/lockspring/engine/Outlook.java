package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import org.jspecify.annotations.Nullable;

/**
 * What a queue can report to a caller whose wait time is over, from the last answers of the store. Guarded by the
 * queue.
 */
final class Outlook {

    private final EngineContext engine;

    private final QueueGuard guard;

    /** The last failure since the store answered. */
    private @Nullable LockStoreException failure;

    Outlook(EngineContext engine, QueueGuard guard) {
        this.engine = engine;
        this.guard = guard;
    }

    void answered() {
        this.failure = null;
    }

    void failed(LockStoreException failure) {
        this.failure = failure;
    }

    /**
     * Why a caller whose wait time is over does not get the lock.
     *
     * @param present the tenure, if there is one
     * @param itsTurn whether there is no hold, so that the caller is next, if the store does not answer otherwise
     * @param now the time
     * @return the reason, {@code null} while it is not known
     */
    @Nullable Refusal refusal(@Nullable Tenure present, boolean itsTurn, long now) {
        if (present != null && !present.isRequested()) {
            return itsTurn ? null : Refusal.contended(present.holder());
        }
        LockHolder contender = present != null ? present.contender(now) : null;
        if (contender != null) {
            return Refusal.contended(contender);
        }
        LockStoreException failed = this.failure;
        boolean unanswered = present != null && present.awaitsAnswer();
        return failed == null || unanswered ? null : Refusal.storeFailed(failed);
    }

    /** Logs, once a minute for each lock, what a caller without a wait time limit is waiting for. */
    void tell(@Nullable Waiter endless, Tenure present, long now) {
        if (endless == null || endless.waited(now) < OncePerMinute.MINUTE) {
            return;
        }
        LockName name = endless.request.name();
        if (this.engine.endlessWaits.isDue(name.fullName(), now)) {
            LockLog.waitsForever(this.guard, name, endless.waited(now), awaited(present, now));
        }
    }

    private String awaited(Tenure present, long now) {
        if (!present.isRequested()) {
            return "this process has it, as owner " + present.holder();
        }
        LockHolder contender = present.contender(now);
        LockStoreException failed = this.failure;
        if (contender != null) {
            return "held by " + contender;
        }
        return failed != null ? String.valueOf(failed.getMessage()) : "the lock store has not reported who has it";
    }

    /**
     * Why a caller gives up whose deadlines are all over without such a reason: it still waits because of the last
     * failure.
     */
    Refusal lastRefusal(@Nullable Tenure present, long now) {
        LockStoreException failed = this.failure;
        if (failed != null) {
            return Refusal.storeFailed(StoreFailures.repeated(failed));
        }
        boolean waitedForOthers = present != null && !present.isUnanswered(now);
        return waitedForOthers
                ? Refusal.contended(null)
                : Refusal.storeFailed(StoreFailures.unanswered(this.engine.commandTimeout));
    }
}
