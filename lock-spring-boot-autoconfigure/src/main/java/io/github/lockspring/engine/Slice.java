package io.github.lockspring.engine;

/** A tenure's turn: how many holds it has had with one number of the store, and for how long. Guarded by the queue. */
final class Slice {

    /** Fencing tokens leave room for this many holds within a tenure. */
    static final long HOLDS = 2048;

    private final long length;

    private long number;

    private long holds;

    private long start;

    /** Until when waiting has been taken off. */
    private long waitedUntil;

    Slice(long length) {
        this.length = length;
    }

    void begin(long number, long now) {
        this.number = number;
        this.holds = 0;
        this.start = now;
        this.waitedUntil = now;
    }

    /** Time in which nobody could begin a hold, because the lease had to be extended first, does not count. */
    void waited(long since, long now) {
        this.start += Math.min(now - since, now - this.waitedUntil);
        this.waitedUntil = now;
    }

    long nextToken() {
        return this.number * HOLDS + this.holds++;
    }

    /** Whether the next hold needs the store's word first, because others may be waiting or tokens have run out. */
    boolean isOver(long now) {
        return now - this.start >= this.length || this.holds >= HOLDS;
    }
}
