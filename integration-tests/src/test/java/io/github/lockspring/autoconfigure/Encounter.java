package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockNotAcquiredException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Whether two calls, each of which takes a body, can be inside their bodies at the same time. Neither may wait. */
final class Encounter {

    private Encounter() {}

    static boolean happens(Consumer<Runnable> first, Consumer<Runnable> second) {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<Void> firstCall = CompletableFuture.runAsync(() -> first.accept(() -> {
            inside.countDown();
            await(over);
        }));
        firstCall.whenComplete((none, failure) -> inside.countDown());
        await(inside);
        try {
            second.accept(() -> {});
            return true;
        } catch (LockNotAcquiredException contended) {
            return false;
        } finally {
            over.countDown();
            firstCall.orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("The other call did nothing for 30 seconds");
            }
        } catch (InterruptedException ex) {
            throw new AssertionError("Interrupted", ex);
        }
    }
}
