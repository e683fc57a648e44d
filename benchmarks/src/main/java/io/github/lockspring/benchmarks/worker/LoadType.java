package io.github.lockspring.benchmarks.worker;

/** The kinds of work. */
public enum LoadType {

    /** Lock and unlock as often as possible. */
    THROUGHPUT,

    /** Two processes give one lock to and fro, each while the other waits for it. */
    HAND_OVER,

    /** Hold many locks, and let their leases be renewed. */
    HELD,

    /** Ask for free locks at a bounded rate while Redis hangs. */
    HANG,

    /** Ask for free locks at a bounded rate while Redis is down. */
    DOWN;

    /**
     * Tells whether Redis is away for a while.
     *
     * @return whether it is
     */
    public boolean isOutage() {
        return this == HANG || this == DOWN;
    }

    Load load() {
        return switch (this) {
            case THROUGHPUT -> new ThroughputLoad();
            case HAND_OVER -> new HandOverLoad();
            case HELD -> new HeldLoad();
            case HANG, DOWN -> new OutageLoad();
        };
    }
}
