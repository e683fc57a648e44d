package io.github.lockspring.engine;

import io.github.lockspring.LockException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a caller does not get the lock. The exception is made by the caller, so that it shows the caller's stack. */
interface Refusal {

    LockException toException(LockName lock, Duration waited);

    static Refusal contended(@Nullable LockHolder holder) {
        return (lock, waited) -> new LockNotAcquiredException(lock, waited, holder);
    }

    static Refusal storeFailed(LockStoreException failure) {
        return (lock, waited) -> new LockStoreException(
                lock,
                "Lock '" + lock + "' was not acquired" + why(failure, waited) + failure.getMessage(),
                failure,
                failure.getOutcome());
    }

    private static String why(LockStoreException failure, Duration waited) {
        return failure.getOutcome() == LockStoreException.Outcome.REFUSED
                ? ". "
                : " within " + waited.toMillis() + " ms: the lock store cannot tell whether it is free. ";
    }

    static Refusal interrupted() {
        return (lock, waited) -> new LockInterruptedException(lock);
    }

    static Refusal shutDown() {
        return (lock, waited) -> new LockShutdownException(lock);
    }
}
