package io.github.lockspring.interceptor;

import io.github.lockspring.LockOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to lock a call of one method of one class; everything that does not depend on arguments is already resolved.
 *
 * @param declaration the method and its annotation
 * @param options name, times, fairness and re-entry
 * @param parameters what the expressions may refer to
 * @param key the parts of the key, empty for one lock for the name
 * @param condition which calls need the lock, {@code null} for all
 * @param leases the parameters for the lease, {@code null} if there are none
 * @param fallback what is called if the lock is not acquired, {@code null} if there is none
 * @param skips whether the method is skipped if another caller has the lock
 * @param asynchronous holds the lock until the result says that the work is done; {@code null} if the method returns then
 */
record LockOperation(
        LockDeclaration declaration,
        LockOptions options,
        LockParameters parameters,
        List<LockKeyExpression> key,
        @Nullable LockCondition condition,
        @Nullable LeaseParameters leases,
        @Nullable Fallback fallback,
        boolean skips,
        @Nullable AsyncResults asynchronous) {

    LockOperation {
        key = List.copyOf(key);
    }
}
