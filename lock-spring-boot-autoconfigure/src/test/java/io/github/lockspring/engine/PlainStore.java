package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.GrantListener;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.StoreCapability;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store of one lock without time and threads. What is sent to it or comes from it arrives when somebody delivers it,
 * in any order; a prompt store answers within the call, so that only grants are left to deliver.
 */
final class PlainStore implements LockStore {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Set<StoreCapability> CAPABILITIES = Set.of(StoreCapability.QUEUE, StoreCapability.KEEP);

    private final boolean prompt;

    private final Map<String, GrantListener> listeners = new HashMap<>();

    private final List<Runnable> underWay = new ArrayList<>();

    private final List<String> queue = new ArrayList<>();

    private @Nullable String holder;

    private long number;

    private int polls;

    PlainStore(boolean prompt) {
        this.prompt = prompt;
    }

    // ---- for the test ----

    /** How many questions came from owners that were waiting already. */
    synchronized int polls() {
        return this.polls;
    }

    /**
     * Delivers one message that is under way.
     *
     * @param which its place in the order of sending, counted around
     * @return whether there was any
     */
    boolean deliver(int which) {
        Runnable message;
        synchronized (this) {
            if (this.underWay.isEmpty()) {
                return false;
            }
            message = this.underWay.remove(which % this.underWay.size());
        }
        message.run();
        return true;
    }

    /** Delivers all messages but one, which is late. */
    void deliverAllBut(int which) {
        Runnable late;
        synchronized (this) {
            if (this.underWay.isEmpty()) {
                return;
            }
            late = this.underWay.remove(which % this.underWay.size());
        }
        deliverAll();
        post(late);
    }

    void deliverAll() {
        boolean delivered;
        do {
            delivered = deliver(0);
        } while (delivered);
    }

    /** Nobody has the lock or waits for it. */
    synchronized boolean isAbandoned() {
        return this.holder == null && this.queue.isEmpty();
    }

    @Override
    public synchronized String toString() {
        return "held by " + this.holder + ", wanted by " + this.queue;
    }

    // ---- for the engine ----

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        String owner = request.tenure().owner();
        return send(() -> {
            if (this.holder != null && !this.holder.equals(owner)) {
                if (this.queue.contains(owner)) {
                    this.polls++;
                } else if (request.mayQueue()) {
                    this.queue.add(owner);
                }
                return AcquireOutcome.Contended.by(new LockHolder(this.holder, LEASE), 0)
                        .rank(this.queue.indexOf(owner));
            }
            this.queue.remove(owner);
            this.holder = owner;
            return new AcquireOutcome.Acquired(List.of(++this.number));
        });
    }

    @Override
    public List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals) {
        return renewals.stream()
                .map(renewal -> send(() ->
                        renewal.tenure().owner().equals(this.holder) ? RenewOutcome.RENEWED : RenewOutcome.NOT_OWNER))
                .toList();
    }

    @Override
    public CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode) {
        return send(() -> {
            if (!tenure.owner().equals(this.holder)) {
                return new ReleaseOutcome.NotOwner();
            }
            if (this.queue.isEmpty() && mode instanceof ReleaseMode.KeepIfNobodyWaits) {
                return new ReleaseOutcome.Kept(++this.number);
            }
            passOn();
            return this.holder == null ? new ReleaseOutcome.Freed() : new ReleaseOutcome.HandedOver();
        });
    }

    @Override
    public CompletionStage<Void> leave(TenureId tenure) {
        return send(() -> {
            this.queue.remove(tenure.owner());
            if (tenure.owner().equals(this.holder)) {
                passOn();
            }
            return null;
        });
    }

    private void passOn() {
        this.holder = this.queue.isEmpty() ? null : this.queue.remove(0);
        String next = this.holder;
        if (next != null) {
            Grant grant = new Grant("lock", next, ++this.number, LEASE, 0);
            GrantListener listener = this.listeners.get(next.substring(0, next.lastIndexOf(':')));
            this.underWay.add(() -> listener.onGrant(grant));
        }
    }

    private <T> CompletionStage<T> send(Supplier<T> command) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (this.prompt) {
            answer.complete(run(command));
        } else {
            post(() -> {
                T outcome = run(command);
                post(() -> answer.complete(outcome));
            });
        }
        return answer;
    }

    private synchronized <T> T run(Supplier<T> command) {
        return command.get();
    }

    private synchronized void post(Runnable message) {
        this.underWay.add(message);
    }

    @Override
    public void onGrant(String client, GrantListener listener) {
        this.listeners.put(client, listener);
        listener.onListening(true);
    }

    @Override
    public synchronized CompletionStage<Optional<LockHolder>> holder(String fullName) {
        return CompletableFuture.completedFuture(
                Optional.ofNullable(this.holder).map(owner -> new LockHolder(owner, LEASE)));
    }

    @Override
    public Set<StoreCapability> capabilities() {
        return CAPABILITIES;
    }
}
