package io.github.lockspring.transaction;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.ReleaseResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A caller's lease of a hold that lasts until the transaction has completed. Everything but closing is that of the
 * engine's lease: after {@link #close()}, the lease is held, can be extended, and tells its listeners of a loss, until
 * the lock is released. The stage of {@link #release()} completes then, so that waiting for it inside of the transaction
 * never ends.
 */
final class TransactionLease implements LockLease {

    private final DeferredHold hold;

    private final AtomicBoolean closed = new AtomicBoolean();

    private final Runnable whenClosed;

    private LockContext.@Nullable Scope scope;

    TransactionLease(DeferredHold hold, Runnable whenClosed) {
        this.hold = hold;
        this.whenClosed = whenClosed;
    }

    /** Closes the lease of the engine that this one was made for, where the hold has another one already. */
    void closeUnlessKept(LockLease lease) {
        if (this.hold.lease != lease) {
            lease.close();
        }
    }

    /** Binds this lease to the current thread until it is closed. Called before any other thread sees the lease. */
    void bind() {
        this.scope = LockContext.bind(this);
    }

    @Override
    public String name() {
        return this.hold.lease.name();
    }

    @Override
    public @Nullable String key() {
        return this.hold.lease.key();
    }

    @Override
    public String fullName() {
        return this.hold.lease.fullName();
    }

    @Override
    public long fencingToken() {
        return this.hold.lease.fencingToken();
    }

    @Override
    public Duration remaining() {
        return this.hold.lease.remaining();
    }

    @Override
    public Duration leaseTime() {
        return this.hold.lease.leaseTime();
    }

    @Override
    public Duration extend(Duration time) {
        return this.hold.lease.extend(time);
    }

    @Override
    public boolean isHeld() {
        return this.hold.lease.isHeld();
    }

    @Override
    public boolean isLost() {
        return this.hold.lease.isLost();
    }

    @Override
    public boolean isClosed() {
        return this.closed.get();
    }

    @Override
    public void ensureHeld() {
        this.hold.lease.ensureHeld();
    }

    @Override
    public void onLost(Runnable action) {
        this.hold.lease.onLost(action);
    }

    @Override
    public LockLease unwrap() {
        return this.hold.lease.unwrap();
    }

    @Override
    public CompletionStage<ReleaseResult> release() {
        CompletableFuture<ReleaseResult> result = new CompletableFuture<>();
        if (end()) {
            this.hold.leave(result);
        } else {
            result.completeExceptionally(
                    new IllegalStateException(
                            "Lease of lock '" + name()
                                    + "' has already been closed or released: the result is available from one call of release() only"));
        }
        return result;
    }

    @Override
    public void close() {
        if (end()) {
            this.hold.leave(null);
        }
    }

    @Override
    public CompletionStage<@Nullable Void> closeAsync() {
        return end() ? this.hold.leaveAsync() : CompletableFuture.completedFuture(null);
    }

    /** Whether this is the first time. */
    private boolean end() {
        boolean first = this.closed.compareAndSet(false, true);
        if (first) {
            LockContext.Scope binding = this.scope;
            if (binding != null) {
                binding.close();
            }
            this.whenClosed.run();
        }
        return first;
    }

    @Override
    public String toString() {
        return this.hold.lease + (this.closed.get() ? ", closed" : "") + ", in a transaction";
    }
}
