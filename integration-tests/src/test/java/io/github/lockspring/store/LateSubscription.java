package io.github.lockspring.store;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/** A store whose subscription is confirmed when told to, and that answers no request before that. */
final class LateSubscription extends ForwardingLockStore {

    private final BlockingQueue<TenureRequest> requests = new LinkedBlockingQueue<>();

    private final CompletableFuture<GrantListener> listener = new CompletableFuture<>();

    private final CompletableFuture<Void> confirmed = new CompletableFuture<>();

    LateSubscription(LockStore store) {
        super(store);
    }

    /** What was asked, and executed, but perhaps not answered yet. */
    BlockingQueue<TenureRequest> requests() {
        return this.requests;
    }

    void confirm() {
        this.listener.join().onListening(true);
        this.confirmed.complete(null);
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        CompletionStage<AcquireOutcome> answer = super.acquire(request);
        this.requests.add(request);
        return this.confirmed.thenCompose(nothing -> answer);
    }

    @Override
    public void onGrant(String client, GrantListener listener) {
        super.onGrant(client, new GrantListener() {
            @Override
            public void onGrant(Grant grant) {
                listener.onGrant(grant);
            }

            @Override
            public void onListening(boolean listening) {}
        });
        this.listener.complete(listener);
    }
}
