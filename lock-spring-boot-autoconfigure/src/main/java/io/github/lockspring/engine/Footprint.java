package io.github.lockspring.engine;

/**
 * What the store may know of an owner: requests that it may still execute, a place in its queue, a lock. Decides from
 * that whether the owner has to leave the store. Guarded by the queue.
 */
final class Footprint {

    private final TenureState state;

    private final PendingLeaves leaves;

    /** How many requests have not been answered, or their fate is not known: the store may execute them at any time. */
    private int open;

    private boolean queued;

    /** Whether an old request was answered during the release, which may have been executed after it. */
    private boolean foundDuringRelease;

    /** Whether the store may still assign the lock to this owner although the lease is lost. */
    private boolean lingers;

    /** Whether the hold is over for this process, and the lock must not be freed. */
    private boolean leftToExpire;

    Footprint(TenureState state, PendingLeaves leaves) {
        this.state = state;
        this.leaves = leaves;
    }

    void requestSent() {
        this.open++;
    }

    /** A request was answered, or is known not to be executed. */
    void requestOver() {
        this.open--;
    }

    void queued() {
        this.queued = true;
    }

    /** Whether the store may still execute a request. */
    boolean isOpen() {
        return this.open > 0;
    }

    /** Whether the store may know an owner that has no lock, now or when commands in flight arrive. */
    boolean maybeQueued() {
        return isOpen() || this.queued;
    }

    /**
     * Whether the store may know the owner after its release: that was not answered, or earlier commands of the owner
     * may reach the store after it. A lock that has to expire is left alone.
     */
    boolean isLeftByRelease(boolean unanswered) {
        return !this.leftToExpire && (unanswered || this.foundDuringRelease || isOpen());
    }

    /** The tenure begins, or goes on. */
    void begins() {
        this.foundDuringRelease = false;
    }

    /**
     * An answer shows that the store knows the owner, or may know it, although this process does not wait for that
     * answer.
     */
    void found() {
        switch (this.state.phase()) {
            case RELEASING -> this.foundDuringRelease = true;
            case LOST, GONE -> {
                if (!this.leftToExpire) {
                    PendingLeaves.Leave unused = leave(false);
                }
            }
            case REQUESTED, HELD -> {
                // it is waiting for that, or has it
            }
        }
    }

    /**
     * The lease is lost.
     *
     * @param maybeThere whether the lock may still be this owner's in the store
     */
    void lost(boolean maybeThere) {
        this.lingers = maybeThere || !this.leftToExpire && isOpen();
    }

    /**
     * The holds of this owner are no longer protected while their work continues, or others are kept out for a while;
     * the store lets the lock expire.
     */
    void letExpire() {
        this.leftToExpire = true;
    }

    /** The lost hold has ended: any entry in the store can be removed before it expires. */
    void leaveAfterLoss() {
        if (this.lingers) {
            this.lingers = false;
            PendingLeaves.Leave unused = leave(false);
        }
    }

    /** Takes the owner out of the store, once more later if a command of its may arrive after that. */
    PendingLeaves.Leave leave(boolean again) {
        PendingLeaves.Leave leave = this.leaves.add(this.state.id, again || isOpen());
        leave.send();
        return leave;
    }
}
