package io.github.lockspring.test;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockStoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has become of one call that asked for a lock. Guarded by its history, which also counts. */
final class RecordedCall implements LockMonitor.Call {

    final LockName lock;

    /** The stack of the caller. */
    final Throwable origin;

    /** Zero before the lock is acquired. */
    long fencingToken;

    private final LockHistory history;

    /** The thread that was told that it has the lock. */
    private @Nullable Thread thread;

    private int acquired;

    private int released;

    private int lost;

    private @Nullable Throwable refusal;

    RecordedCall(LockHistory history, LockName lock, Throwable origin) {
        this.history = history;
        this.lock = lock;
        this.origin = origin;
    }

    /** Not before events were last forgotten. Called inside the guard. */
    boolean isAcquired() {
        return this.acquired > this.history.forgotten();
    }

    /** The end may be told before the beginning. */
    boolean isHeld() {
        return this.acquired != 0 && !isReleased() && !isLost();
    }

    /** Whether nothing more becomes of it: one that has not ended may wait, or hold the lock. */
    boolean isEnded() {
        return this.refusal != null || isReleased() || isLost();
    }

    boolean isReleased() {
        return this.released != 0;
    }

    boolean isLost() {
        return this.lost != 0;
    }

    /** Whether another caller had the lock for all the time that this one could wait. */
    boolean isSkipped() {
        return this.refusal instanceof LockNotAcquiredException;
    }

    boolean isRefusedWith(Throwable failure) {
        return this.refusal == failure;
    }

    boolean isStoreFailure() {
        return this.refusal instanceof LockStoreException;
    }

    /** The transactions that its thread had while it held the lock, if that is over. Called inside the guard. */
    List<RecordedTransaction> transactions() {
        Thread holder = this.thread;
        return holder != null && isReleased()
                ? this.history.transactions(holder, this.acquired, this.released)
                : List.of();
    }

    /** Whether a transaction was committed while it held the lock. Called inside the guard. */
    boolean isReleasedAfterCommit() {
        return transactions().stream().anyMatch(each -> each.committed && each.isCompletedBefore(this.released));
    }

    /** Whether a transaction that it had used the lock in was still open. Called inside the guard. */
    boolean isReleasedBeforeEndOfTransaction() {
        return transactions().stream().anyMatch(each -> !each.isCompletedBefore(this.released));
    }

    /** Whether only reactive transactions ran while it held the lock. Called inside the guard. */
    boolean isOfReactiveTransactions() {
        return isReleased() && transactions().isEmpty() && this.history.hasReactive(this.acquired, this.released);
    }

    @Override
    public void contended(@Nullable LockHolder holder) {
        this.history.run(
                () -> this.history.tell(this, "is held by " + (holder != null ? holder.owner() : "another caller")));
    }

    @Override
    public void acquired(long fencingToken, boolean handedOff) {
        this.history.run(() -> {
            this.thread = Thread.currentThread();
            this.fencingToken = fencingToken;
            this.acquired = this.history.tell(this, "is acquired with fencing token " + fencingToken);
        });
    }

    @Override
    public void refused(Throwable failure) {
        this.history.run(() -> {
            this.refusal = failure;
            this.history.tell(this, "is not acquired: " + failure.getMessage());
        });
    }

    @Override
    public void released() {
        this.history.run(() -> this.released = this.history.tell(this, "is released"));
    }

    @Override
    public void lost(LeaseLostException loss) {
        this.history.run(() -> this.lost = this.history.tell(this, "is lost: " + loss.getMessage()));
    }
}
