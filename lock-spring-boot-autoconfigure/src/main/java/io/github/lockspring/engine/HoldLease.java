package io.github.lockspring.engine;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What a caller sees of its hold. */
final class HoldLease implements LockLease {

    final Hold hold;

    final AtomicBoolean closed = new AtomicBoolean();

    /** Whether an error has ended its closing, perhaps before anything was noted. */
    volatile boolean closeFailed;

    private LockContext.@Nullable Scope scope;

    /** The thread that was blocked until it had this lease, and may be blocked again to give it back. */
    private @Nullable Thread caller;

    HoldLease(Hold hold) {
        this.hold = hold;
    }

    /** Binds this lease to the current thread until it is closed. Called before anybody else sees the lease. */
    HoldLease bound() {
        this.scope = LockContext.bind(this);
        this.caller = Thread.currentThread();
        return this;
    }

    @Override
    public String name() {
        return this.hold.name.name();
    }

    @Override
    public @Nullable String key() {
        return this.hold.name.key();
    }

    @Override
    public String fullName() {
        return this.hold.name.fullName();
    }

    @Override
    public long fencingToken() {
        return this.hold.fencingToken;
    }

    @Override
    public Duration remaining() {
        return this.closed.get() ? Duration.ZERO : this.hold.remaining();
    }

    @Override
    public boolean isHeld() {
        return !this.closed.get() && this.hold.isHeld();
    }

    /** Whether it is held, or only the wall clock says that it is not. */
    boolean maybeHeld() {
        return !this.closed.get() && !this.hold.isOver();
    }

    @Override
    public boolean isLost() {
        return this.hold.isLost();
    }

    @Override
    public void ensureHeld() {
        if (isHeld()) {
            return;
        }
        if (!this.closed.get()) {
            this.hold.awaitDecision();
        }
        if (this.hold.isLost()) {
            throw this.hold.toException();
        }
        if (!isHeld()) {
            throw new IllegalStateException("Lease of lock '" + this.hold.name + "' is closed: acquire the lock again");
        }
    }

    @Override
    public void onLost(Runnable action) {
        this.hold.onLost(() -> {
            if (!this.closed.get()) {
                action.run();
            }
        });
    }

    @Override
    public void close() {
        try {
            if (this.closed.compareAndSet(false, true)) {
                LockContext.Scope binding = this.scope;
                if (binding != null) {
                    binding.close();
                }
                this.hold.leave(Thread.currentThread() == this.caller);
            }
        } catch (RuntimeException | Error ex) {
            this.closeFailed = true;
            this.hold.closeFailed = true;
            this.hold.keeper.leaveAfterError();
            throw ex;
        }
    }

    @Override
    public String toString() {
        return "lease of '" + this.hold.name + "', fencing token " + fencingToken()
                + (isHeld() ? ", held" : isLost() ? ", lost" : ", closed");
    }
}
