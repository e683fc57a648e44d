package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Held until it is closed, and never lost, since nothing stands behind it. */
final class PassThroughLease implements LockLease {

    private final LockRequest request;

    private final long fencingToken;

    private volatile boolean closed;

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
        return this.closed ? Duration.ZERO : this.request.leaseTime();
    }

    @Override
    public boolean isHeld() {
        return !this.closed;
    }

    @Override
    public boolean isLost() {
        return false;
    }

    @Override
    public void ensureHeld() {
        if (this.closed) {
            throw new IllegalStateException("The lease of '" + fullName() + "' was closed");
        }
    }

    @Override
    public void onLost(Runnable action) {}

    @Override
    public void close() {
        this.closed = true;
        LockContext.Scope binding = this.scope;
        if (binding != null) {
            binding.close();
        }
    }
}
