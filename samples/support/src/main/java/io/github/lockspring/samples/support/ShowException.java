package io.github.lockspring.samples.support;

import org.jspecify.annotations.Nullable;

/** The show cannot go on; the message says why. */
public final class ShowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ShowException(String message) {
        this(message, null);
    }

    public ShowException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
