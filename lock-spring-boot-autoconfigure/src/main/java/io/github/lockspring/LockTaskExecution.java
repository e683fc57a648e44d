package io.github.lockspring;

import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/**
 * Where the work of asynchronous calls runs, and what it finds there of its caller. Thread-safe.
 *
 * <p>The auto-configured one runs it on the executor that {@code distributed-lock.task-executor} names, with what the
 * {@code TaskDecorator} beans of the application, Micrometer's context propagation, Spring Security and slf4j's MDC know of
 * the caller's thread. A bean of this type replaces it.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface LockTaskExecution {

    /**
     * Called by the thread that asks for a lock.
     *
     * @return runs the work once the lock is acquired, by threads of the application, with the thread-local values of
     *     the thread that has called this method, as far as they are captured
     */
    Executor capture();

    /**
     * Called by the thread that asks for a lock, too.
     *
     * @return wraps work so that it has those values on whichever thread it runs; by default, the work as it is
     */
    default UnaryOperator<Runnable> captureValues() {
        return UnaryOperator.identity();
    }

    /**
     * Runs work on an executor, and captures nothing.
     *
     * @param executor runs the work; never a thread that must not be blocked
     * @return the execution
     */
    static LockTaskExecution on(Executor executor) {
        return () -> executor;
    }
}
