package io.github.lockspring.engine;

/** The fencing tokens of a tenure: those that follow from one number of the store. Guarded by the queue. */
final class TokenSequence {

    /** Fencing tokens leave room for this many holds with one number. */
    static final long HOLDS = 2048;

    private long number;

    /** Without a number there is no token. */
    private long holds = HOLDS;

    void begin(long number) {
        this.number = number;
        this.holds = 0;
    }

    /** Another number is asked for: an error may keep it from arriving here. */
    void end() {
        this.holds = HOLDS;
    }

    long next() {
        return this.number * HOLDS + this.holds++;
    }

    /** Whether the next hold needs another number. */
    boolean isExhausted() {
        return this.holds >= HOLDS;
    }
}
