package io.github.lockspring.observation;

import io.github.lockspring.annotation.DistributedLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/** Locked methods of each kind. Asynchronous results are completed by other threads, some time after the return. */
class TracedOrders {

    private static final long LATER_MILLIS = 50;

    @DistributedLock(name = "order", key = "#id")
    public String blocking(int id) {
        return "shipped " + id;
    }

    @DistributedLock(name = "order", key = "#id")
    public CompletableFuture<String> future(int id) {
        return CompletableFuture.supplyAsync(
                () -> "shipped " + id, CompletableFuture.delayedExecutor(LATER_MILLIS, TimeUnit.MILLISECONDS));
    }

    @DistributedLock(name = "order", key = "#id")
    public Mono<String> mono(int id) {
        return Mono.fromFuture(() -> future(id));
    }
}
