package io.github.lockspring.observation;

import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;

/**
 * What has become of a call, or of a hold.
 *
 * @since 0.1
 */
public enum LockOutcome {

    /** The call: it has the lock. */
    ACQUIRED("acquired"),

    /** The call: another caller has the lock, and the wait time is over. */
    CONTENDED("contended"),

    /** The call: the store cannot tell who has the lock. */
    STORE_FAILURE("store-failure"),

    /** The call: the application shuts down. */
    SHUTDOWN("shutdown"),

    /** The call: its thread was interrupted, or its stage cancelled. */
    INTERRUPTED("interrupted"),

    /** The call: anything else, which is a defect or a lack of resources. */
    ERROR("error"),

    /** The hold: it has ended in time. */
    RELEASED("released"),

    /** The hold: its lease is lost. */
    LOST("lost");

    private final String value;

    LockOutcome(String value) {
        this.value = value;
    }

    /**
     * Returns the text that metrics and traces contain.
     *
     * @return the value of the tag
     */
    public String value() {
        return this.value;
    }

    /** Of a call that did not get its lock. */
    static LockOutcome of(Throwable failure) {
        if (failure instanceof LockNotAcquiredException) {
            return CONTENDED;
        }
        if (failure instanceof LockStoreException) {
            return STORE_FAILURE;
        }
        if (failure instanceof LockShutdownException) {
            return SHUTDOWN;
        }
        return failure instanceof LockInterruptedException ? INTERRUPTED : ERROR;
    }
}
