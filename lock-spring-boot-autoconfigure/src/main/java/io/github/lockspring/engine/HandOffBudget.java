package io.github.lockspring.engine;

/** For how long a tenure may be passed on in this process before others have their turn. Guarded by the queue. */
final class HandOffBudget {

    private final long length;

    private long start;

    /** Until when waiting has been taken off. */
    private long waitedUntil;

    HandOffBudget(long length) {
        this.length = length;
    }

    void begin(long now) {
        this.start = now;
        this.waitedUntil = now;
    }

    /** Time in which no hold could begin because the lease had to be extended first does not count. */
    void waited(long since, long now) {
        this.start += Math.min(now - since, now - this.waitedUntil);
        this.waitedUntil = now;
    }

    boolean isSpent(long now) {
        return now - this.start >= this.length;
    }
}
