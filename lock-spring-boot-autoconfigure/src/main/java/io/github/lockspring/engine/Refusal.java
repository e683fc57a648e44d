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
sealed interface Refusal {

    LockException toException(String fullName, Duration waited);

    record Contended(@Nullable LockHolder holder) implements Refusal {

        @Override
        public LockException toException(String fullName, Duration waited) {
            return new LockNotAcquiredException(fullName, waited, this.holder);
        }
    }

    record StoreFailed(LockStoreException failure) implements Refusal {

        @Override
        public LockException toException(String fullName, Duration waited) {
            return new LockStoreException(
                    "Lock '" + fullName + "' was not acquired within " + waited.toMillis()
                            + " ms: the lock store cannot tell whether it is free. " + this.failure.getMessage(),
                    this.failure,
                    this.failure.getOutcome());
        }
    }

    record Interrupted() implements Refusal {

        @Override
        public LockException toException(String fullName, Duration waited) {
            return new LockInterruptedException(fullName);
        }
    }

    record ShutDown() implements Refusal {

        @Override
        public LockException toException(String fullName, Duration waited) {
            return new LockShutdownException(fullName);
        }
    }
}
