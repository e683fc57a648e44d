package io.github.lockspring.samples.flashsale.show;

import org.jspecify.annotations.Nullable;

/** The show cannot go on; the message says why. */
final class ShowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ShowException(String message) {
        this(message, null);
    }

    ShowException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
