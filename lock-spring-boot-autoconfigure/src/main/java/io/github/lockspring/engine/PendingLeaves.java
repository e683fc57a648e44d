package io.github.lockspring.engine;

import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.TenureId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owners that must leave the store because it may know them although no caller here wants the lock any longer. Each
 * leave is sent again until the store has answered; few are in flight at a time, and none is sent again while the store
 * still has it. Where a command may arrive after the answer, the owner leaves once more a command time-out later, and
 * after every new connection for half a minute: the server that answered may no longer have been the primary.
 * Thread-safe.
 */
final class PendingLeaves {

    private static final Logger log = LoggerFactory.getLogger(PendingLeaves.class);

    private static final int MOST_UNDER_WAY = 100;

    private static final long FIRST_PAUSE = 100 * Nanos.MILLI;

    private static final int MAX_DOUBLINGS = 5;

    /** Enough for an outage of half an hour; by then, all entries in the store have long expired. */
    private static final int MAX_ATTEMPTS = 600;

    private static final long REMEMBERED = 30_000 * Nanos.MILLI;

    private final EngineContext engine;

    private final EngineTimer timer;

    final QueueGuard guard;

    private final Map<String, Leave> leaves = new ConcurrentHashMap<>();

    /** Those that are under way, but for the overdue, which stand in the way of no other. */
    private final Set<Leave> inTime = new HashSet<>();

    PendingLeaves(EngineContext engine, EngineTimer timer) {
        this.engine = engine;
        this.timer = timer;
        this.guard = new QueueGuard(engine.clock);
    }

    /**
     * Records that an owner must leave; must be followed by {@link Leave#send}.
     *
     * @param tenure the owner, and its lock
     * @param again whether one of its commands may arrive later than the store's answer
     */
    Leave add(TenureId tenure, boolean again) {
        this.guard.lock();
        try {
            long now = this.engine.clock.nanoTime();
            Leave leave = this.leaves.get(tenure.owner());
            if (leave == null || leave.done.isDone()) {
                this.inTime.remove(leave);
                leave = new Leave(tenure, now);
                this.leaves.put(tenure.owner(), leave);
            }
            leave.again |= again;
            if (leave.sentAt != null) {
                leave.dueAt = now;
            }
            return leave;
        } finally {
            this.guard.unlock();
        }
    }

    /** What an owner that is leaving waits for. */
    @Nullable CompletableFuture<Void> of(String owner) {
        Leave leave = this.leaves.get(owner);
        return leave == null || leave.done.isDone() ? null : leave.done;
    }

    /** Whether an owner has left, and must leave once more. */
    boolean isToLeaveAgain(String owner) {
        return this.leaves.containsKey(owner) && of(owner) == null;
    }

    /** Completes when those that are leaving now have left. */
    CompletableFuture<Void> settled() {
        return CompletableFuture.allOf(
                this.leaves.values().stream().map(leave -> leave.done).toArray(CompletableFuture[]::new));
    }

    boolean isEmpty() {
        return this.leaves.isEmpty();
    }

    /**
     * The store is reached over a new connection: commands sent over the old one are lost, or reached another server.
     */
    void reconnected() {
        this.guard.run(now -> {
            for (Leave leave : this.leaves.values()) {
                leave.dueAt = now;
                leave.again |= leave.sentAt != null;
                leave.withStore = false;
                if (!this.inTime.contains(leave)) {
                    leave.sentAt = null;
                }
            }
        });
        this.timer.within(0);
    }

    /** Leaves the guard, if an error has kept the thread from doing so. */
    void leaveAfterError() {
        this.guard.leaveAfterError();
    }

    /**
     * Sends what is due. Called by the timer, which does not wait if another thread is doing so; returns for how long
     * nothing is due.
     */
    long send() {
        return this.guard.tryCall(now -> {
            this.leaves.values().removeIf(leave -> leave.isForgettable(now));
            long idle = Nanos.FOREVER;
            for (Leave leave : this.leaves.values()) {
                if (!leave.sendsNow(now)) {
                    idle = Math.min(idle, leave.idleFor(now));
                }
            }
            return idle;
        });
    }

    /** One owner that is leaving. Guarded by the guard of all. */
    final class Leave {

        private final TenureId tenure;

        /** Done once the store has answered, or refused, or this process has given up asking. */
        final CompletableFuture<Void> done = new CompletableFuture<>();

        /** Whether it leaves once more after the answer. */
        private boolean again;

        private long dueAt;

        /** When the command in flight was sent, {@code null} if there is none. */
        private @Nullable Long sentAt;

        /** Whether the store has taken it, and will answer: no error has come in between. */
        private volatile boolean withStore;

        private int attempts;

        private long forgetAt;

        private Leave(TenureId tenure, long now) {
            this.tenure = tenure;
            this.dueAt = now;
            this.forgetAt = now + Nanos.FOREVER;
        }

        /** Sends it for the first time, unless too many others are under way; everything else is the timer's. */
        void send() {
            PendingLeaves.this.guard.run(now -> {
                boolean sent = this.attempts == 0 && sendsNow(now);
                wakeWithin(sent ? PendingLeaves.this.engine.commandTimeout : 1);
            });
        }

        /** Sends it, once the guard of all is free, if it is due and not too many others are under way. */
        private boolean sendsNow(long now) {
            if (this.sentAt != null || this.dueAt - now > 0 || PendingLeaves.this.inTime.size() >= MOST_UNDER_WAY) {
                return false;
            }
            PendingLeaves.this.inTime.add(this);
            this.sentAt = now;
            this.withStore = false;
            this.attempts++;
            this.dueAt = now + Nanos.FOREVER;
            PendingLeaves.this.guard.afterwards(() -> dispatch(now));
            return true;
        }

        /** Whether it has been remembered for long enough, with nothing left to send or to be answered. */
        private boolean isForgettable(long now) {
            return this.forgetAt - now <= 0 && this.sentAt == null && !isToBeSent(now);
        }

        private boolean isToBeSent(long now) {
            return this.dueAt - now < Nanos.FOREVER / 2;
        }

        private long idleFor(long now) {
            Long sent = this.sentAt;
            if (sent == null) {
                return (isToBeSent(now) ? this.dueAt : this.forgetAt) - now;
            }
            long left = sent + PendingLeaves.this.engine.commandTimeout - now;
            if (left > 0) {
                return left;
            }
            PendingLeaves.this.inTime.remove(this);
            if (this.withStore) {
                return Nanos.FOREVER;
            }
            this.sentAt = null;
            this.dueAt = now;
            return left;
        }

        private void dispatch(long sent) {
            StoreFailures.caught(() -> PendingLeaves.this.engine.store.leave(this.tenure))
                    .whenComplete(
                            (nothing, failure) -> PendingLeaves.this.guard.run(now -> answered(sent, failure, now)));
            this.withStore = true;
        }

        private void answered(long sent, @Nullable Throwable failure, long now) {
            if (this.sentAt == null || this.sentAt != sent) {
                return;
            }
            this.sentAt = null;
            PendingLeaves.this.inTime.remove(this);
            boolean givenUp = failure != null && this.attempts > MAX_ATTEMPTS;
            if (failure != null && !givenUp && StoreFailures.of(failure).getOutcome() != Outcome.REFUSED) {
                this.again = true;
                this.dueAt = now + (FIRST_PAUSE << Math.min(this.attempts - 1, MAX_DOUBLINGS));
            } else if (this.dueAt - now > 0) {
                left(failure == null, now);
            }
            if (givenUp) {
                PendingLeaves.this.guard.afterwards(this::warn);
            }
            wakeWithin(1);
        }

        private void left(boolean answered, long now) {
            if (this.again && answered) {
                this.again = false;
                this.attempts = 0;
                this.dueAt = now + PendingLeaves.this.engine.commandTimeout;
                this.forgetAt = now + REMEMBERED;
            } else if (this.forgetAt - now > REMEMBERED) {
                PendingLeaves.this.leaves.remove(this.tenure.owner(), this);
            }
            PendingLeaves.this.guard.afterwards(() -> this.done.complete(null));
        }

        private void warn() {
            log.warn(
                    "Gave up removing owner {} from the lock store; its entries there, if any, expire",
                    this.tenure.owner());
        }

        /** Has the timer look at all, once the guard is free. */
        private void wakeWithin(long delay) {
            PendingLeaves.this.guard.afterwards(() -> PendingLeaves.this.timer.within(delay));
        }
    }
}
