package io.github.lockspring.store;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;

/** A store that remembers who was told to wait. */
final class QueueWatch extends ForwardingLockStore {

    private final Set<String> queued;

    private QueueWatch(LockStore store, Set<String> queued) {
        super(store);
        this.queued = queued;
    }

    static QueueWatch of(LockStore store) {
        return new QueueWatch(store, ConcurrentHashMap.newKeySet());
    }

    /** Another process's way to the same locks. */
    QueueWatch and(LockStore store) {
        return new QueueWatch(store, this.queued);
    }

    /** Waits until this many owners have been told, since the beginning, to wait in the queue. */
    void awaitQueued(int owners) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(20))
                .until(() -> this.queued.size() >= owners);
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        return super.acquire(request).thenApply(outcome -> {
            if (outcome instanceof AcquireOutcome.Contended contended && contended.rank() >= 0) {
                this.queued.add(request.tenure().owner());
            }
            return outcome;
        });
    }
}
