package io.github.lockspring.interceptor;

import io.github.lockspring.LockOptions;
import java.util.List;

/**
 * How to lock a call of one method of one class; everything that does not depend on arguments is already resolved.
 *
 * @param declaration the method and its annotation
 * @param options name, wait time, lease time and renewal
 * @param parameters what the expressions may refer to
 * @param key the parts of the key, empty for one lock for the name
 */
record LockOperation(
        LockDeclaration declaration, LockOptions options, LockParameters parameters, List<LockKeyExpression> key) {

    LockOperation {
        key = List.copyOf(key);
    }
}
