package io.github.lockspring.engine;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.ReleaseOutcome;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log messages about a lock: at {@code DEBUG} the steps of every call, one line each; at {@code WARN} what the
 * application did not expect. Called inside the guard of the lock's queue, and logged once that is free. While {@code
 * DEBUG} is off, a step costs one check of the level.
 */
final class LockLog {

    private static final Logger log = LoggerFactory.getLogger(LockLog.class);

    private LockLog() {}

    // ---- the steps of a call ----

    /** The store is asked for the lock. */
    static void asked(TenureState tenure) {
        if (log.isDebugEnabled()) {
            tenure.guard.afterwards(() -> log.debug("Lock '{}': requested by {}", tenure.name, owner(tenure)));
        }
    }

    /** Another process has the lock. */
    static void contended(TenureState tenure, LockHolder holder, int rank) {
        if (log.isDebugEnabled()) {
            tenure.guard.afterwards(() -> log.debug(
                    "Lock '{}': {} waits behind {}{}",
                    tenure.name,
                    owner(tenure),
                    holder,
                    rank < 0 ? "" : ", with " + rank + " others before it in the queue"));
        }
    }

    /** A caller waits for another caller of this process. */
    static void queued(QueueGuard guard, LockName name, TenureState present) {
        if (log.isDebugEnabled()) {
            guard.afterwards(() -> log.debug(
                    "Lock '{}': a caller in this process waits behind {}, which {}",
                    name,
                    owner(present),
                    present.isRequested() ? "has requested it" : "has it"));
        }
    }

    /** Another process has handed the lock over. */
    static void granted(TenureState tenure) {
        if (log.isDebugEnabled()) {
            tenure.guard.afterwards(
                    () -> log.debug("Lock '{}': granted to {} by its previous holder", tenure.name, owner(tenure)));
        }
    }

    /** A hold begins. */
    static void held(QueueGuard guard, LockName name, TenureState tenure, boolean handedOff, long token, long waited) {
        if (log.isDebugEnabled()) {
            guard.afterwards(() -> log.debug(
                    "Lock '{}': {} by {} after waiting {} ms, fencing token {}",
                    name,
                    handedOff ? "handed off to a caller of this process" : "held",
                    owner(tenure),
                    millis(waited),
                    token));
        }
    }

    /** A hold ends in time. */
    static void ended(QueueGuard guard, LockName name, long token, long held) {
        if (log.isDebugEnabled()) {
            guard.afterwards(() -> log.debug(
                    "Lock '{}': given back after being held for {} ms, fencing token {}", name, millis(held), token));
        }
    }

    /** The store has answered a release, or has not. What it refuses is not tried again. */
    static void released(TenureState tenure, @Nullable ReleaseOutcome outcome, @Nullable LockStoreException failure) {
        if (failure != null && failure.getOutcome() == LockStoreException.Outcome.REFUSED) {
            tenure.guard.afterwards(() -> log.warn(
                    "Lock '{}': {} could not give it back, and others get it at the latest when its lease is over: {}",
                    tenure.name,
                    owner(tenure),
                    failure.getMessage()));
        } else if (log.isDebugEnabled()) {
            tenure.guard.afterwards(
                    () -> log.debug("Lock '{}': {}", tenure.name, owner(tenure) + ' ' + whatBecame(outcome, failure)));
        }
    }

    private static String whatBecame(@Nullable ReleaseOutcome outcome, @Nullable Throwable failure) {
        if (outcome instanceof ReleaseOutcome.Freed) {
            return "has released it: it is free";
        } else if (outcome instanceof ReleaseOutcome.HandedOver) {
            return "has handed it over to another process";
        } else if (outcome instanceof ReleaseOutcome.Kept) {
            return "keeps it: no other process waits for it";
        } else if (outcome instanceof ReleaseOutcome.NotOwner) {
            return "no longer has it";
        } else if (outcome instanceof ReleaseOutcome.Expiring) {
            return "lets it expire: others are kept out for a while";
        }
        return "does not know whether it has released it, and tries again: "
                + (failure != null ? failure.getMessage() : outcome);
    }

    /** A caller does not get the lock. It creates its own exception. */
    static void refused(QueueGuard guard, LockName name, Refusal refusal, EngineClock clock, long since) {
        if (log.isDebugEnabled()) {
            guard.afterwards(() -> log.debug(
                    "Lock '{}': {}",
                    name,
                    refusal.toException(name, Nanos.elapsed(since, clock.nanoTime()))
                            .getMessage()));
        }
    }

    /** A renewal failed, and is repeated as long as the lease lasts. */
    static void renewalFailed(TenureState tenure, Throwable failure) {
        if (log.isDebugEnabled()) {
            tenure.guard.afterwards(() -> log.debug(
                    "Lock '{}': {} could not renew its lease, and tries again: {}",
                    tenure.name,
                    owner(tenure),
                    failure.getMessage()));
        }
    }

    // ---- what needs attention ----

    /** A hold is lost while its caller relies on it. */
    static void lost(QueueGuard guard, LockName name, TenureState tenure, long token, String reason) {
        guard.afterwards(() -> log.warn(
                "Lock '{}': its lease is lost while work runs under it (owner {}, fencing token {}): {}",
                name,
                owner(tenure),
                token,
                reason));
    }

    /** A lock belonged to another owner when it was given back, although its lease was not over. */
    static void lostUnnoticed(TenureState tenure) {
        tenure.guard.afterwards(() -> log.warn(
                "Lock '{}' no longer belonged to {} when it was released, although its lease had not expired: the"
                        + " store has lost it (an eviction, a fail-over, a deletion, a clock set forward), and"
                        + " another process may have had it in the meantime; or the driver has repeated the release"
                        + " after a reconnect",
                tenure.name,
                owner(tenure)));
    }

    /**
     * An asynchronous lease that was not closed is no longer reachable, so it cannot be closed.
     *
     * @param origin where it was acquired, if that is known: its stack trace is logged
     */
    static void unclosed(QueueGuard guard, LockName name, @Nullable Throwable origin) {
        guard.afterwards(() -> log.warn(
                "An asynchronous lease of lock '{}' was not closed and can no longer be reached: the lock is"
                        + " released. Close it when the work is done, for example in whenComplete",
                name,
                origin));
    }

    /** A thread is dead that has not closed its lease. */
    static void orphaned(
            QueueGuard guard, LockName name, Thread caller, boolean unreachable, @Nullable Throwable origin) {
        guard.afterwards(() -> log.warn(
                "Thread '{}' has ended without closing its lease of lock '{}': {}. Use try-with-resources",
                caller.getName(),
                name,
                unreachable ? "the lock is released" : "it is renewed as long as the lease is reachable",
                origin));
    }

    /** A caller waits without limit, and has waited for long. */
    static void waitsForever(QueueGuard guard, LockName name, long waited, String awaited) {
        guard.afterwards(() -> log.warn(
                "Lock '{}': a caller without a wait time limit has waited for {} s: {}",
                name,
                TimeUnit.NANOSECONDS.toSeconds(waited),
                awaited));
    }

    /** A hold is entered again by a call whose times do not apply. Called outside of the guard. */
    static void otherTimes(LockRequest outer, LockRequest inner) {
        log.warn(
                "Lock '{}' is entered again by a call with holdAtLeast {} and maxHoldTime {}, inside of a hold with"
                        + " holdAtLeast {} and maxHoldTime {}: those of the hold apply. Set them where the lock is"
                        + " acquired first, or by distributed-lock.locks.<name>.hold-at-least and .max-hold-time",
                inner.name(),
                inner.holdAtLeast(),
                LockDurations.textOf(inner.maxHoldTime()),
                outer.holdAtLeast(),
                LockDurations.textOf(outer.maxHoldTime()));
    }

    private static String owner(TenureState tenure) {
        return tenure.id.owner();
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
