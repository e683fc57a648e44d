package io.github.lockspring.memory;

import io.github.lockspring.LockHolder;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** All locks of a store, one command at a time. Each command corresponds to a script of the Redis store. */
final class Locks {

    /** With fewer locks than this, a search for those that are no longer requested is not worthwhile. */
    private static final int FEW = 1024;

    private final ReentrantLock guard = new ReentrantLock();

    private final Map<String, LockState> states = new HashMap<>();

    private final long grantLease;

    private final LongSupplier clock;

    private final GrantDelivery grants;

    private long lastNumber;

    private int sweepAt = FEW;

    Locks(long grantLease, LongSupplier clock, GrantDelivery grants) {
        this.grantLease = grantLease;
        this.clock = clock;
        this.grants = grants;
    }

    AcquireOutcome acquire(TenureRequest request) {
        return run(request.tenure().fullName(), (lock, now) -> acquire(lock, request, now));
    }

    private AcquireOutcome acquire(LockState lock, TenureRequest request, long now) {
        String owner = request.tenure().owner();
        boolean passedOver = false;
        if (!lock.belongsTo(owner, now)) {
            if (request.mayQueue()) {
                passedOver = lock.enqueue(new Waiter(
                        owner,
                        now - Micros.of(request.waited()),
                        request.listening(),
                        Micros.of(request.pollInterval()),
                        Micros.of(request.lease()),
                        now,
                        false));
            }
            String next = lock.owner(now);
            if (next == null && request.fair()) {
                next = lock.firstGrantable(owner, this.grants::reaches, now);
                if (next != null && !next.equals(owner)) {
                    grant(lock, request.tenure().fullName(), next, now);
                }
            }
            LockHolder holder = lock.holder(now);
            if (holder != null) {
                return AcquireOutcome.Contended.by(holder, now)
                        .rank(lock.rank(owner))
                        .passedOver(passedOver);
            }
        }
        lock.give(owner, Micros.of(request.lease()), now);
        return new AcquireOutcome.Acquired(List.of(nextNumber(now)));
    }

    RenewOutcome renew(Renewal renewal) {
        return run(renewal.tenure().fullName(), (lock, now) -> {
            if (!lock.belongsTo(renewal.tenure().owner(), now)) {
                return RenewOutcome.NOT_OWNER;
            }
            lock.give(renewal.tenure().owner(), Micros.of(renewal.lease()), now);
            return RenewOutcome.RENEWED;
        });
    }

    ReleaseOutcome release(TenureId tenure, ReleaseMode mode) {
        return run(tenure.fullName(), (lock, now) -> {
            if (!lock.belongsTo(tenure.owner(), now)) {
                return new ReleaseOutcome.NotOwner();
            }
            if (mode instanceof ReleaseMode.ExpireAfter expire) {
                lock.expireAfter(Micros.of(expire.remainder()), now);
                return new ReleaseOutcome.Expiring();
            }
            String next = lock.firstGrantable(null, this.grants::reaches, now);
            if (next != null) {
                grant(lock, tenure.fullName(), next, now);
                return new ReleaseOutcome.HandedOver();
            }
            if (mode instanceof ReleaseMode.KeepIfNobodyWaits keep) {
                lock.expireAfter(Micros.of(keep.lease()), now);
                return new ReleaseOutcome.Kept(nextNumber(now));
            }
            lock.free();
            return new ReleaseOutcome.Freed();
        });
    }

    void leave(TenureId tenure) {
        run(tenure.fullName(), (lock, now) -> {
            boolean waited = lock.dequeue(tenure.owner());
            boolean held = lock.belongsTo(tenure.owner(), now);
            if (held) {
                lock.free();
            }
            if ((waited || held) && lock.owner(now) == null) {
                String next = lock.firstGrantable(null, this.grants::reaches, now);
                if (next != null) {
                    grant(lock, tenure.fullName(), next, now);
                }
            }
            return true;
        });
    }

    Optional<LockHolder> holder(String fullName) {
        this.guard.lock();
        try {
            LockState lock = this.states.get(fullName);
            return lock != null ? Optional.ofNullable(lock.holder(this.clock.getAsLong())) : Optional.empty();
        } finally {
            this.guard.unlock();
        }
    }

    int size() {
        this.guard.lock();
        try {
            return this.states.size();
        } finally {
            this.guard.unlock();
        }
    }

    /**
     * A listener gets a message and a short lease; an owner that polls finds a reservation that outlasts a missed poll.
     */
    private void grant(LockState lock, String fullName, String owner, long now) {
        Waiter waiter = lock.waiter(owner);
        if (waiter == null) {
            throw new IllegalStateException("Owner '" + owner + "' does not wait for lock '" + fullName + "'");
        }
        if (!waiter.listening()) {
            lock.give(owner, 2 * waiter.pollInterval(), now);
            return;
        }
        long lease = Math.min(this.grantLease, waiter.lease());
        lock.give(owner, lease, now);
        this.grants.deliver(new Grant(fullName, owner, nextNumber(now), Micros.toDuration(lease), now));
    }

    private long nextNumber(long now) {
        this.lastNumber = Math.max(this.lastNumber + 1, now);
        return this.lastNumber;
    }

    private <T> T run(String fullName, Command<T> command) {
        this.guard.lock();
        try {
            long now = this.clock.getAsLong();
            LockState known = this.states.get(fullName);
            LockState lock = known != null ? known : new LockState();
            T outcome = command.run(lock, now);
            if (lock.isForgettable(now)) {
                this.states.remove(fullName);
            } else if (known == null) {
                this.states.put(fullName, lock);
                if (this.states.size() > this.sweepAt) {
                    sweep(now);
                }
            }
            return outcome;
        } finally {
            this.guard.unlock();
        }
    }

    /** Forgets locks whose owners and waiters disappeared without leaving. */
    private void sweep(long now) {
        this.states.values().removeIf(lock -> {
            lock.removeDead(now);
            return lock.isForgettable(now);
        });
        this.sweepAt = Math.max(FEW, 2 * this.states.size());
    }

    /** What happens to one lock at one moment. */
    @FunctionalInterface
    private interface Command<T> {

        T run(LockState lock, long now);
    }
}
