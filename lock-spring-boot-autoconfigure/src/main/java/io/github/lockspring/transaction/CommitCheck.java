package io.github.lockspring.transaction;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockLease;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The check of all leases that one transaction relies on, immediately before its commit. It may wait for the store. */
final class CommitCheck {

    /** Renewals begin when a third of the lease is over, and have failed for long when a third is left. */
    private static final int LEASE_PARTS = 3;

    /** What the message says of a lost lease, if it should say more. */
    private final Function<LockLease, @Nullable String> remarks;

    /** Why locks could not be extended: the store is asked once for each. */
    private @Nullable Map<String, RuntimeException> failures;

    private boolean askedTheStore;

    CommitCheck(Function<LockLease, @Nullable String> remarks) {
        this.remarks = remarks;
    }

    /** Whether enough is left of a lease, which this can tell without waiting. */
    static boolean isFine(LockLease lease) {
        return lease.isHeld() && !isShort(lease.remaining(), lease);
    }

    private static boolean isShort(Duration left, LockLease lease) {
        return left.compareTo(lease.leaseTime().dividedBy(LEASE_PARTS)) < 0;
    }

    /** While one lease was extended, another one may have ended. */
    boolean hasAskedTheStore() {
        return this.askedTheStore;
    }

    /** Extends a lease where little of it is left, once; it must be held after that. */
    void extend(LockLease lease) {
        Duration left = lease.remaining();
        // one that is over is left to ensureHeld, which awaits a renewal under way
        if (!left.isZero() && isShort(left, lease)) {
            askTheStore(lease);
        }
        ensureHeld(lease);
    }

    void ensureHeld(LockLease lease) {
        try {
            lease.ensureHeld();
        } catch (LeaseLostException lost) {
            LeaseLostException ex = explained(lease, lost);
            RuntimeException failure = this.failures != null ? this.failures.get(lease.fullName()) : null;
            if (failure != null) {
                ex.addSuppressed(failure);
            }
            throw ex;
        } catch (IllegalStateException closed) {
            // still bound, but given up before: the transaction does not rely on it
        }
    }

    private void askTheStore(LockLease lease) {
        this.askedTheStore = true;
        if (this.failures != null && this.failures.containsKey(lease.fullName())) {
            return;
        }
        try {
            lease.extend(lease.leaseTime());
        } catch (LeaseLostException lost) {
            throw explained(lease, lost);
        } catch (RuntimeException ex) {
            // the lease is held for as long as before, and the clock decides
            if (this.failures == null) {
                this.failures = new HashMap<>();
            }
            this.failures.put(lease.fullName(), ex);
        }
    }

    private LeaseLostException explained(LockLease lease, LeaseLostException lost) {
        String remark = this.remarks.apply(lease);
        return remark != null ? lost.withRemark(remark) : lost;
    }
}
