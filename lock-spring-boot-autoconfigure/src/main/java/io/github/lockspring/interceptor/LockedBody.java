package io.github.lockspring.interceptor;

import org.jspecify.annotations.Nullable;

/**
 * The body of an annotated method.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface LockedBody {

    /**
     * Runs the body.
     *
     * @return the result
     * @throws Throwable what the body throws
     */
    @Nullable Object run() throws Throwable;

    /**
     * Runs the body with arguments that were changed. By default as {@link #run()}, which is right where the body gets
     * its arguments from the array that {@link LockAspectSupport} was called with.
     *
     * @param arguments that array, changed
     * @return the result
     * @throws Throwable what the body throws
     */
    default @Nullable Object run(@Nullable Object[] arguments) throws Throwable {
        return run();
    }

    /**
     * Runs the body with arguments, perhaps on another thread than that of the call, and perhaps more than once.
     *
     * @param arguments the arguments
     * @return the result
     * @throws Throwable what the body throws
     */
    default @Nullable Object runAgain(@Nullable Object[] arguments) throws Throwable {
        return run(arguments);
    }
}
