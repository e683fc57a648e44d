package io.github.lockspring.store;

import java.time.Duration;

/** A store that is empty at first, and what a contract suite needs around it. A new one for each test. */
public interface LockStoreFixture extends AutoCloseable {

    /**
     * Connects a process. Processes share the locks; a store may serve one process or several.
     *
     * @param client the owners of the process without their sequence number, a new one for each call
     * @return the store as the process sees it, not yet told of a grant listener
     */
    LockStore connect(String client);

    /**
     * Lets at least this much of the store's time pass. A fake clock adds exactly this; a store with a clock of its
     * own is waited for, a few milliseconds more than asked for. Suites leave room for that on both sides.
     */
    void elapse(Duration time);

    /** How long a granted lock belongs to its owner, unless that owner asked for less. */
    Duration grantLease();

    /** Whether the store notices that nobody listens for a waiting owner that says it is listening. */
    boolean seesSubscriptions();

    /** Fails if the store remembers anything of locks that are neither held nor waited for. */
    void assertNothingLeft();

    @Override
    void close();
}
