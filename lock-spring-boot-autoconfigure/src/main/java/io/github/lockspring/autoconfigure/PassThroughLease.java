package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockDurations;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockRequest;
import io.github.lockspring.ReleaseResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Held until it is closed, and never lost, because there is no lock behind it. */
final class PassThroughLease implements LockLease {

    private final LockRequest request;

    private final long fencingToken;

    private final AtomicBoolean closed = new AtomicBoolean();

    private volatile LockContext.@Nullable Scope scope;

    PassThroughLease(LockRequest request, long fencingToken) {
        this.request = request;
        this.fencingToken = fencingToken;
    }

    void bindTo(LockContext.Scope scope) {
        this.scope = scope;
    }

    @Override
    public String name() {
        return this.request.name().name();
    }

    @Override
    public @Nullable String key() {
        return this.request.name().key();
    }

    @Override
    public String fullName() {
        return this.request.name().fullName();
    }

    @Override
    public long fencingToken() {
        return this.fencingToken;
    }

    @Override
    public Duration remaining() {
        return this.closed.get() ? Duration.ZERO : this.request.leaseTime();
    }

    @Override
    public Duration leaseTime() {
        return this.request.leaseTime();
    }

    @Override
    public Duration extend(Duration time) {
        ensureHeld();
        return LockDurations.checkLeaseTime(time);
    }

    @Override
    public boolean isHeld() {
        return !this.closed.get();
    }

    @Override
    public boolean isLost() {
        return false;
    }

    @Override
    public boolean isClosed() {
        return this.closed.get();
    }

    @Override
    public void ensureHeld() {
        if (this.closed.get()) {
            throw new IllegalStateException("The lease of '" + fullName() + "' is closed");
        }
    }

    @Override
    public void onLost(Runnable action) {}

    @Override
    public CompletionStage<ReleaseResult> release() {
        return end()
                ? CompletableFuture.completedFuture(ReleaseResult.GIVEN_BACK)
                : CompletableFuture.failedFuture(
                        new IllegalStateException("The lease of '" + fullName() + "' has already been closed"));
    }

    @Override
    public void close() {
        boolean unused = end();
    }

    private boolean end() {
        LockContext.Scope binding = this.scope;
        if (binding != null) {
            binding.close();
        }
        return this.closed.compareAndSet(false, true);
    }
}
