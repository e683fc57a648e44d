package io.github.lockspring.observation;

/** The meters, as they are documented. */
enum LockMeter {
    ACQUIRE("acquire", "Calls that asked for a lock, until they had it or were refused"),
    HOLD("hold", "Holds, until they were released or lost"),
    CONTENDED("contended", "Calls that found another caller with the lock, whether or not they got it in the end"),
    SKIPPED("skipped", "Work that was left out because another caller had the lock"),
    HAND_OFFS("handoffs", "Locks passed on to the next caller of the same process"),
    HAND_OVERS("handovers", "Locks handed over to another process"),
    RENEWAL_DELAY("renewal.delay", "Renewals, by how long they had been due when they were answered"),
    RENEWAL_FAILURES("renewal.failures", "Attempts to renew a lease that failed, and are repeated while it lasts"),
    HELD("held", "Locks that this process holds"),
    WAITING("waiting", "Calls of this process that wait for a lock");

    static final String PREFIX = "distributed.lock.";

    private final String shortName;

    private final String description;

    LockMeter(String shortName, String description) {
        this.shortName = shortName;
        this.description = description;
    }

    String meterName() {
        return PREFIX + this.shortName;
    }

    String description() {
        return this.description;
    }
}
