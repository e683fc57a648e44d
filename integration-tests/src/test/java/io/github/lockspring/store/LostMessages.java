package io.github.lockspring.store;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A store whose grants are lost on their way, although its process listens. */
final class LostMessages extends ForwardingLockStore {

    private final AtomicInteger requests = new AtomicInteger();

    private volatile boolean listening;

    private volatile int requestsBeforeLoss = -1;

    LostMessages(LockStore store) {
        super(store);
    }

    void awaitListening() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.listening);
    }

    void awaitLoss() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.requestsBeforeLoss >= 0);
    }

    /** How often the store has been asked since a message was lost. */
    int requestsSinceLoss() {
        return this.requests.get() - this.requestsBeforeLoss;
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        this.requests.incrementAndGet();
        return super.acquire(request);
    }

    @Override
    public void onGrant(String client, GrantListener listener) {
        super.onGrant(client, new GrantListener() {
            @Override
            public void onGrant(Grant grant) {
                LostMessages.this.requestsBeforeLoss = LostMessages.this.requests.get();
            }

            @Override
            public void onListening(boolean listening) {
                listener.onListening(listening);
                LostMessages.this.listening = listening;
            }
        });
    }
}
