package io.github.lockspring.store;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Failures of stages, which {@code java.util.concurrent} wraps.
 *
 * @since 0.1
 */
public final class StageFailures {

    private StageFailures() {}

    /**
     * Finds what a stage has failed with.
     *
     * @param failure what its listener, or a thread that waited for it, was given
     * @return the failure without its wrappers
     */
    public static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean wraps = failure instanceof CompletionException || failure instanceof ExecutionException;
        return wraps && cause != null ? unwrap(cause) : failure;
    }
}
