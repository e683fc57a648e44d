package io.github.lockspring.engine;

import io.github.lockspring.LockException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a caller does not get the lock. The exception is made by the caller, so that it shows the caller's stack. */
interface Refusal {

    LockException toException(String fullName, Duration waited);

    static Refusal contended(@Nullable LockHolder holder) {
        return (fullName, waited) -> new LockNotAcquiredException(fullName, waited, holder);
    }

    static Refusal storeFailed(LockStoreException failure) {
        return (fullName, waited) -> new LockStoreException(
                "Lock '" + fullName + "' was not acquired" + why(failure, waited) + failure.getMessage(),
                failure,
                failure.getOutcome());
    }

    private static String why(LockStoreException failure, Duration waited) {
        return failure.getOutcome() == LockStoreException.Outcome.REFUSED
                ? ". "
                : " within " + waited.toMillis() + " ms: the lock store cannot tell whether it is free. ";
    }

    static Refusal interrupted() {
        return (fullName, waited) -> new LockInterruptedException(fullName);
    }

    static Refusal shutDown() {
        return (fullName, waited) -> new LockShutdownException(fullName);
    }
}
