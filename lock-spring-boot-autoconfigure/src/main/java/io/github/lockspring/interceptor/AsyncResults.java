package io.github.lockspring.interceptor;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Holds the locks of methods whose results say when their work is done, for one kind of results. Thread-safe.
 *
 * @since 0.1
 */
public interface AsyncResults {

    /**
     * Says whether calls of a method are held by this object.
     *
     * @param method the method
     * @param returnType its return type, as declared or inherited; of a {@code suspend} function of Kotlin, what its
     *     class file says: {@code Object}
     * @return whether {@link #invoke} returns what the method declares
     */
    boolean supports(Method method, Class<?> returnType);

    /**
     * Says whether the work of a result goes on after the method has returned, when a transaction of the method ends.
     *
     * @return whether such methods must not be transactional, {@code false} by default
     */
    default boolean outlivesTransaction() {
        return false;
    }

    /**
     * Says whether a method may be skipped.
     *
     * @param method a supported method
     * @return whether its callers expect that there may be no result
     */
    default boolean canSkip(Method method) {
        return true;
    }

    /**
     * Invokes the method under its lock, without blocking the caller.
     *
     * @param call the call
     * @return a result of the declared type, whose work is done under the lock
     * @throws Throwable what the evaluation of the annotation throws
     */
    Object invoke(AsyncCall call) throws Throwable;

    /**
     * Goes on with a result whose kind its declared type did not tell, before the lease of its call is closed.
     *
     * @param result the result
     * @param returnType what the caller may be given
     * @param locks re-enter the lease, or acquire once more
     * @param options which lock, and how
     * @param lease the lease of the call
     * @return a result whose work is done under the lock; {@code null} if it is of another kind, or none of the return
     *     type
     */
    @Nullable Object goOn(Object result, Class<?> returnType, AsyncLocks locks, LockOptions options, LockLease lease);
}
