package io.github.lockspring.engine;

/** A tenure's turn: how many holds it has had with one number of the store, and for how long. Guarded by the queue. */
final class Slice {

    /** Fencing tokens leave room for this many holds within a tenure. */
    static final long HOLDS = 2048;

    private final long length;

    private long number;

    private long holds;

    private long start;

    Slice(long length) {
        this.length = length;
    }

    void begin(long number, long now) {
        this.number = number;
        this.holds = 0;
        this.start = now;
    }

    /** Time before the first hold does not count. */
    void extended(long now) {
        if (this.holds == 0) {
            this.start = now;
        }
    }

    long nextToken() {
        return this.number * HOLDS + this.holds++;
    }

    /** Whether the next hold needs the store's word first, because others may be waiting or tokens have run out. */
    boolean isOver(long now) {
        return now - this.start >= this.length || this.holds >= HOLDS;
    }
}
