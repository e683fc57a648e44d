package io.github.lockspring;

/**
 * A lease ended while its holder still relied on it: it could not be renewed in time, or the store reports that the
 * lock belongs to another owner. Work done under the lock since then was not protected by it.
 *
 * @since 0.1
 */
public final class LeaseLostException extends LockException {

    private static final long serialVersionUID = 1L;

    private final long fencingToken;

    /**
     * Creates an exception.
     *
     * @param lock the lock
     * @param fencingToken the fencing token of the lost hold
     * @param reason why the lease was lost
     */
    public LeaseLostException(LockName lock, long fencingToken, String reason) {
        super(
                lock,
                "Lease of lock '" + lock + "' (fencing token " + fencingToken + ") was lost: " + reason
                        + ". Another caller may hold the lock by now: undo or reject what was done under it",
                null);
        this.fencingToken = fencingToken;
    }

    private LeaseLostException(LeaseLostException lost, String remark) {
        super(lost, lost.getMessage() + ". " + remark);
        this.fencingToken = lost.fencingToken;
    }

    /**
     * Returns an exception for the same loss whose message says more.
     *
     * @param remark what else there is to say, without a full stop
     * @return the exception, without cause or suppressed ones
     */
    public LeaseLostException withRemark(String remark) {
        return new LeaseLostException(this, remark);
    }

    /**
     * Returns the fencing token of the lost hold.
     *
     * @return the fencing token
     */
    public long getFencingToken() {
        return this.fencingToken;
    }
}
