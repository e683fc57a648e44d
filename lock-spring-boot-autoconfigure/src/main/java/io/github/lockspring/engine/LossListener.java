package io.github.lockspring.engine;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a caller wants to be done when its lease is lost. Does not refer to that lease: an unreachable one must be
 * detected.
 *
 * @param closed whether the lease was closed, so that nothing is to do any longer
 * @param action what to do
 */
record LossListener(AtomicBoolean closed, Runnable action) implements Runnable {

    boolean isOver() {
        return this.closed.get();
    }

    @Override
    public void run() {
        if (!isOver()) {
            this.action.run();
        }
    }
}
