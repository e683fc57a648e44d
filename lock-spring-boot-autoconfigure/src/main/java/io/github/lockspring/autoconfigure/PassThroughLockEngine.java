package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Runs every caller immediately, without a lock: injected if locking is disabled. */
final class PassThroughLockEngine implements LockEngine {

    /**
     * Fencing tokens of stores are microseconds with room for this many holds: disabling locking continues from there.
     */
    private static final long TOKENS_PER_MICROSECOND = 2048;

    private final AtomicLong lastToken = new AtomicLong();

    @Override
    public LockLease acquire(LockRequest request) {
        PassThroughLease lease = lease(request);
        lease.bindTo(LockContext.bind(lease));
        return lease;
    }

    @Override
    public LockLease acquireUninterruptibly(LockRequest request) {
        return acquire(request);
    }

    @Override
    public CompletionStage<LockLease> acquireAsync(LockRequest request) {
        return CompletableFuture.completedFuture(lease(request));
    }

    @Override
    public Optional<LockHolder> holder(LockName name) {
        return Optional.empty();
    }

    private PassThroughLease lease(LockRequest request) {
        LockLease outer = request.within();
        if (!isReentered(outer, request)) {
            outer = LockContext.find(lease -> isReentered(lease, request));
        }
        return new PassThroughLease(request, outer != null ? outer.fencingToken() : nextToken());
    }

    private static boolean isReentered(@Nullable LockLease outer, LockRequest request) {
        return outer instanceof PassThroughLease
                && outer.isHeld()
                && outer.fullName().equals(request.name().fullName());
    }

    private long nextToken() {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) * TOKENS_PER_MICROSECOND;
        return this.lastToken.updateAndGet(last -> Math.max(last + 1, now));
    }

    @Override
    public void close() {}
}
