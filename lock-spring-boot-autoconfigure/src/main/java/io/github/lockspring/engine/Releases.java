package io.github.lockspring.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for answers that change nothing any more for the caller. */
final class Releases {

    private Releases() {}

    /** Waits until the future is done or the time is over; keeps an interrupt for the caller. */
    static void await(CompletableFuture<Void> future, long nanos) {
        try {
            future.get(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException ex) {
            // the departures look after it
        }
    }
}
