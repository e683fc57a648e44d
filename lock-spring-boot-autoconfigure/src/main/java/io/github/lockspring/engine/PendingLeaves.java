package io.github.lockspring.engine;

import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.TenureId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owners that are to leave the store because it may know them although nobody here wants its lock any more. Each is sent
 * again until the store has answered, few are under way at a time, and none a second time while the store has the first.
 * Where a command may arrive after the answer, the owner leaves once more a command time-out later, and after every new
 * connection for half a minute: the server that answered may have been a primary no longer. Thread-safe.
 */
final class PendingLeaves {

    private static final Logger log = LoggerFactory.getLogger(PendingLeaves.class);

    private static final int MOST_UNDER_WAY = 100;

    private static final long FIRST_PAUSE = 100 * Nanos.MILLI;

    private static final int MAX_DOUBLINGS = 5;

    /** Enough for an outage of half an hour; whatever the store still knows by then has long expired. */
    private static final int MAX_ATTEMPTS = 600;

    private static final long REMEMBERED = 30_000 * Nanos.MILLI;

    private final LockStore store;

    private final EngineClock clock;

    private final long commandTimeout;

    private final LongConsumer wakeWithin;

    private final Map<String, Leave> leaves = new ConcurrentHashMap<>();

    private final ReentrantLock guard = new ReentrantLock();

    private int underWay;

    PendingLeaves(LockStore store, EngineClock clock, long commandTimeout, LongConsumer wakeWithin) {
        this.store = store;
        this.clock = clock;
        this.commandTimeout = commandTimeout;
        this.wakeWithin = wakeWithin;
    }

    /**
     * Notes that an owner is to leave; {@link Leave#send} is to follow.
     *
     * @param tenure the owner, and its lock
     * @param again whether one of its commands may arrive later than the store's answer
     */
    Leave add(TenureId tenure, boolean again) {
        long now = this.clock.nanoTime();
        this.guard.lock();
        try {
            Leave leave = this.leaves.get(tenure.owner());
            if (leave == null || leave.done.isDone()) {
                if (leave != null && leave.underWay && !leave.overdue) {
                    leave.overdue = true;
                    this.underWay--;
                }
                leave = new Leave(tenure, now);
                this.leaves.put(tenure.owner(), leave);
            }
            leave.again |= again;
            if (leave.underWay) {
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

    /** Completes when those that are leaving now have left. */
    CompletableFuture<Void> settled() {
        return CompletableFuture.allOf(
                this.leaves.values().stream().map(leave -> leave.done).toArray(CompletableFuture[]::new));
    }

    void leaveAfterError() {
        QueueGuard.leaveAfterError(this.guard);
    }

    boolean isEmpty() {
        return this.leaves.isEmpty();
    }

    /** The store is reached over a new connection: what it was sent over the old one is lost, or was said to another. */
    void reconnected() {
        this.guard.lock();
        try {
            for (Leave leave : this.leaves.values()) {
                leave.dueAt = this.clock.nanoTime();
                leave.again |= leave.underWay;
                if (leave.overdue) {
                    leave.underWay = false;
                }
            }
        } finally {
            this.guard.unlock();
        }
        this.wakeWithin.accept(0);
    }

    /** Sends what is due, with the timer; returns how long nothing is. */
    long send(long now) {
        List<Leave> due = new ArrayList<>();
        long idle = Nanos.FOREVER;
        this.guard.lock();
        try {
            this.leaves.values().removeIf(leave -> leave.isForgettable(now));
            for (Leave leave : this.leaves.values()) {
                if (leave.isTaken(now)) {
                    due.add(leave);
                } else {
                    idle = Math.min(idle, leave.idleFor(now));
                }
            }
        } finally {
            this.guard.unlock();
        }
        due.forEach(Leave::dispatch);
        return idle;
    }

    /** One owner that is leaving. Guarded by the guard of all. */
    final class Leave {

        private final TenureId tenure;

        private final CompletableFuture<Void> done = new CompletableFuture<>();

        /** Whether it leaves once more after the answer. */
        private boolean again;

        private long dueAt;

        private boolean underWay;

        /** Whether the store has had it for longer than a command may take, and it stands in the way of no other. */
        private boolean overdue;

        /** Whether the store has taken it, and will answer: no error has come in between. */
        private volatile boolean withStore;

        private long sentAt;

        private int attempts;

        private long forgetAt;

        private Leave(TenureId tenure, long now) {
            this.tenure = tenure;
            this.dueAt = now;
            this.forgetAt = now + Nanos.FOREVER;
        }

        /** Done once the store has answered. */
        CompletableFuture<Void> done() {
            return this.done;
        }

        /** Sends it for the first time, unless too many others are under way; everything else is the timer's. */
        void send() {
            boolean taken;
            PendingLeaves.this.guard.lock();
            try {
                taken = this.attempts == 0 && isTaken(PendingLeaves.this.clock.nanoTime());
            } finally {
                PendingLeaves.this.guard.unlock();
            }
            if (taken) {
                dispatch();
            }
            PendingLeaves.this.wakeWithin.accept(taken ? PendingLeaves.this.commandTimeout : 1);
        }

        private boolean isTaken(long now) {
            if (this.underWay || this.dueAt - now > 0 || PendingLeaves.this.underWay >= MOST_UNDER_WAY) {
                return false;
            }
            PendingLeaves.this.underWay++;
            this.underWay = true;
            this.overdue = false;
            this.withStore = false;
            this.sentAt = now;
            this.attempts++;
            this.dueAt = now + Nanos.FOREVER;
            return true;
        }

        /** Whether it has been remembered for long enough, and nothing is to be sent or answered any more. */
        private boolean isForgettable(long now) {
            return this.forgetAt - now <= 0 && !this.underWay && this.dueAt - now > REMEMBERED;
        }

        private long idleFor(long now) {
            if (!this.underWay) {
                return Math.min(this.dueAt, this.forgetAt) - now;
            }
            long left = this.sentAt + PendingLeaves.this.commandTimeout - now;
            if (left <= 0 && !this.overdue) {
                this.overdue = true;
                PendingLeaves.this.underWay--;
            }
            if (this.overdue && !this.withStore) {
                this.underWay = false;
                this.dueAt = now;
            }
            return this.overdue && this.withStore ? Nanos.FOREVER : left;
        }

        private void dispatch() {
            int attempt = this.attempts;
            CompletionStage<Void> answer = StoreFailures.caught(() -> PendingLeaves.this.store.leave(this.tenure));
            answer.whenComplete((nothing, failure) -> answered(attempt, failure));
            this.withStore = true;
        }

        private void answered(int attempt, @Nullable Throwable failure) {
            boolean left = failure == null || StoreFailures.of(failure).getOutcome() == Outcome.REFUSED;
            PendingLeaves.this.guard.lock();
            try {
                if (attempt != this.attempts || !this.underWay) {
                    return;
                }
                this.underWay = false;
                PendingLeaves.this.underWay -= this.overdue ? 0 : 1;
                long now = PendingLeaves.this.clock.nanoTime();
                if (left && this.dueAt - now <= 0) {
                    left = false;
                } else if (left) {
                    leftAt(now, failure == null);
                } else if (attempt > MAX_ATTEMPTS) {
                    left = true;
                    PendingLeaves.this.leaves.remove(this.tenure.owner(), this);
                } else {
                    this.again = true;
                    this.dueAt = now + (FIRST_PAUSE << Math.min(attempt - 1, MAX_DOUBLINGS));
                }
            } finally {
                PendingLeaves.this.guard.unlock();
            }
            if (attempt > MAX_ATTEMPTS) {
                log.warn(
                        "Gave up telling the store that {} does not want {}",
                        this.tenure.owner(),
                        this.tenure.fullName());
            }
            if (left) {
                this.done.complete(null);
            }
            PendingLeaves.this.wakeWithin.accept(1);
        }

        private void leftAt(long now, boolean answered) {
            if (this.again && answered) {
                this.again = false;
                this.attempts = 0;
                this.dueAt = now + PendingLeaves.this.commandTimeout;
                this.forgetAt = now + REMEMBERED;
            } else if (this.forgetAt - now > REMEMBERED) {
                PendingLeaves.this.leaves.remove(this.tenure.owner(), this);
            }
        }
    }
}
