package io.github.lockspring.store;

import io.github.lockspring.LockHolder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** The least that a store can do: acquire, renew, free. Times in microseconds. */
final class MinimalLockStore implements LockStore {

    private record Held(String owner, long until) {}

    private final Map<String, Held> locks = new ConcurrentHashMap<>();

    private final AtomicLong lastNumber = new AtomicLong();

    private final LongSupplier clock;

    MinimalLockStore(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        long now = this.clock.getAsLong();
        String owner = request.tenure().owner();
        Held held = this.locks.compute(
                request.tenure().fullName(),
                (name, found) -> found == null || found.until <= now || found.owner.equals(owner)
                        ? lasting(found, owner, now + micros(request.lease()))
                        : found);
        return CompletableFuture.completedFuture(
                held.owner.equals(owner)
                        ? new AcquireOutcome.Acquired(
                                List.of(this.lastNumber.updateAndGet(last -> Math.max(last + 1, now))))
                        : AcquireOutcome.Contended.by(holder(held, now), now));
    }

    @Override
    public List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals) {
        return renewals.stream()
                .<CompletionStage<RenewOutcome>>map(renewal -> CompletableFuture.completedFuture(renewed(renewal)))
                .toList();
    }

    private RenewOutcome renewed(Renewal renewal) {
        long until = this.clock.getAsLong() + micros(renewal.lease());
        return replace(renewal.tenure(), held -> lasting(held, held.owner, until))
                ? RenewOutcome.RENEWED
                : RenewOutcome.NOT_OWNER;
    }

    @Override
    public CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode) {
        return CompletableFuture.completedFuture(
                replace(tenure, held -> null) ? new ReleaseOutcome.Freed() : new ReleaseOutcome.NotOwner());
    }

    @Override
    public CompletionStage<Optional<LockHolder>> holder(String fullName) {
        long now = this.clock.getAsLong();
        return CompletableFuture.completedFuture(Optional.ofNullable(this.locks.get(fullName))
                .filter(held -> held.until > now)
                .map(held -> holder(held, now)));
    }

    int size() {
        return this.locks.size();
    }

    /** Puts another value, or none, in the place of the owner's own one, if that is there. */
    private boolean replace(TenureId tenure, UnaryOperator<Held> next) {
        long now = this.clock.getAsLong();
        AtomicBoolean found = new AtomicBoolean();
        this.locks.computeIfPresent(tenure.fullName(), (name, held) -> {
            found.set(held.until > now && held.owner.equals(tenure.owner()));
            return found.get() ? next.apply(held) : held;
        });
        return found.get();
    }

    /** A lease that the owner has already is never shortened. */
    private static Held lasting(Held found, String owner, long until) {
        return found != null && found.owner.equals(owner) && found.until > until ? found : new Held(owner, until);
    }

    private static LockHolder holder(Held held, long now) {
        return new LockHolder(held.owner, Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(held.until - now)));
    }

    private static long micros(Duration duration) {
        return TimeUnit.MICROSECONDS.convert(duration);
    }
}
