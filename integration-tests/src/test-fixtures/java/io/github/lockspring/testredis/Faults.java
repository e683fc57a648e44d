package io.github.lockspring.testredis;

import java.time.Duration;

/** What goes wrong at present between clients and Redis. */
final class Faults {

    private Duration delay = Duration.ZERO;

    private boolean holdRequests;

    private boolean holdReplies;

    private boolean dropReplies;

    synchronized void delay(Duration delay) {
        this.delay = delay;
        notifyAll();
    }

    synchronized void holdRequests(boolean hold) {
        this.holdRequests = hold;
        notifyAll();
    }

    synchronized void holdReplies(boolean hold) {
        this.holdReplies = hold;
        notifyAll();
    }

    synchronized void dropReplies(boolean drop) {
        this.dropReplies = drop;
    }

    /** Waits until a request that arrived then may go on. */
    synchronized void passRequest(long arrived) throws InterruptedException {
        pass(arrived);
        while (this.holdRequests) {
            wait();
        }
    }

    /**
     * Waits until a reply that arrived then may go on.
     *
     * @return false if it is to be thrown away
     */
    synchronized boolean passReply(long arrived) throws InterruptedException {
        if (this.dropReplies) {
            return false;
        }
        pass(arrived);
        while (this.holdReplies) {
            wait();
        }
        return true;
    }

    private void pass(long arrived) throws InterruptedException {
        long millis;
        while ((millis = (this.delay.toNanos() - (System.nanoTime() - arrived) + 999_999) / 1_000_000) > 0) {
            wait(millis);
        }
    }
}
