package io.github.lockspring.interceptor;

import io.github.lockspring.LockOptions;
import java.util.List;

/**
 * What a call of one method of one class has to do; everything that does not depend on arguments is done already.
 *
 * @param declaration the method and its annotation
 * @param options name, wait time, lease time and renewal
 * @param parameters what the expressions may refer to
 * @param key the parts of the key, none for one lock for the name
 */
record LockOperation(
        LockDeclaration declaration, LockOptions options, LockParameters parameters, List<LockKeyExpression> key) {

    LockOperation {
        key = List.copyOf(key);
    }
}
