package io.github.lockspring.interceptor;

import io.github.lockspring.LockCallback;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import org.jspecify.annotations.Nullable;

/** One call of an annotated method: what runs under its lock. Used by one thread. */
final class LockedCall implements LockCallback<@Nullable Object, Throwable> {

    private final LockOperation operation;

    private final LockOptions options;

    private final @Nullable Object[] args;

    private final LockedBody body;

    private final AsynchronousResults results;

    private boolean begun;

    LockedCall(
            LockOperation operation,
            LockOptions options,
            @Nullable Object[] args,
            LockedBody body,
            AsynchronousResults results) {
        this.operation = operation;
        this.options = options;
        this.args = args;
        this.body = body;
        this.results = results;
    }

    @Override
    @SuppressWarnings("NullAway") // The type argument says that the result may be null.
    public @Nullable Object doInLock(LockLease lease) throws Throwable {
        this.begun = true;
        return this.results.check(
                this.operation, this.options, lease, run(this.operation, this.args, lease, this.body));
    }

    /** Whether the lock was acquired: a failure after that is not one of its acquisition. */
    boolean hasBegun() {
        return this.begun;
    }

    /** Runs the body, with the lease in place of the argument that is for it. */
    static @Nullable Object run(
            LockOperation operation, @Nullable Object[] args, @Nullable LockLease lease, LockedBody body)
            throws Throwable {
        LeaseParameters leases = operation.leases();
        if (leases == null) {
            return body.run();
        }
        leases.set(args, lease);
        return body.run(args);
    }
}
