package io.github.lockspring;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what calls of annotated methods do that have not got their lock: a bean of the application, asked for every
 * failure that neither a fallback of the method answers, nor skipping the method does. Only asked for the acquisition of the method's own lock, before its
 * body runs; never for a lost lease, or for a lock that the body asks for.
 *
 * <p>With several beans, in their order, the next one is asked if one throws the failure it was given. Must be
 * thread-safe.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface LockFailureHandler {

    /**
     * Returns a result in place of the body, or throws something else; throws the given failure to let it pass.
     *
     * @param call the call
     * @param failure {@link LockNotAcquiredException}, {@link LockStoreException} or {@link LockShutdownException}
     * @return what the call returns: must fit the result of the method
     * @throws Throwable what the call throws; if it is a checked exception that the method does not declare, a proxy
     *     wraps it in {@link java.lang.reflect.UndeclaredThrowableException}
     */
    @Nullable Object handle(Call call, LockException failure) throws Throwable;

    /**
     * A call that has not got its lock.
     *
     * @param method the method of the bean's class
     * @param target the bean, {@code null} for a static method
     * @param arguments the arguments, unmodifiable
     * @param options which lock, and how it was asked for
     */
    record Call(Method method, @Nullable Object target, List<@Nullable Object> arguments, LockOptions options) {

        /**
         * Copies the arguments.
         *
         * @param method the method of the bean's class
         * @param target the bean, {@code null} for a static method
         * @param arguments the arguments
         * @param options which lock, and how it was asked for
         */
        public Call {
            arguments = Collections.unmodifiableList(Arrays.asList(arguments.toArray()));
        }
    }
}
