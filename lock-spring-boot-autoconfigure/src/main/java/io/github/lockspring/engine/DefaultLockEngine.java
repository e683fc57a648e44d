package io.github.lockspring.engine;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.GrantListener;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.TenureId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine: process first, then network. Callers of one process queue locally and share tenures; the store sees one
 * request per process and lock. Asynchronous inside; the blocking API parks on it. Thread-safe, also for virtual
 * threads.
 *
 * @since 0.1
 */
public final class DefaultLockEngine implements LockEngine {

    /** So many loss listeners run at once, and as many stages that the executor of the application does not run. */
    private static final int OWN_THREADS = 8;

    private final EngineContext context;

    private final AtomicLong fairCalls = new AtomicLong();

    /**
     * Creates an engine and registers it with its store.
     *
     * @param store where locks are kept
     * @param settings how to go about it
     */
    public DefaultLockEngine(LockStore store, EngineSettings settings) {
        this(store, settings, new SystemClock(), () -> DaemonThreads.pool("callback", OWN_THREADS, Integer.MAX_VALUE));
    }

    DefaultLockEngine(LockStore store, EngineSettings settings, EngineClock clock, Supplier<Executor> ownThreads) {
        this.context = new EngineContext(store, settings, clock, ownThreads);
        store.onGrant(this.context.owners.client(), new Grants());
    }

    @Override
    public LockLease acquire(LockRequest request) {
        HoldLease inner = reenter(request.name());
        if (inner != null) {
            return bound(inner);
        }
        long now = this.context.clock.nanoTime();
        BlockingWaiter waiter = new BlockingWaiter(request, this.context, now);
        try {
            waiter.await(enter(waiter, now));
            Hold hold = waiter.hold;
            if (hold != null) {
                return hold.firstLeaseOf(Thread.currentThread());
            }
        } catch (RuntimeException | Error ex) {
            waiter.abandoned = true;
            waiter.abandon(ex);
            throw ex;
        }
        throw waiter.toException();
    }

    @Override
    public CompletionStage<LockLease> acquireAsync(LockRequest request) {
        if (request.within() instanceof HoldLease outer && mayEnter(outer, request.name())) {
            Hold hold = outer.hold();
            HoldLease inner = hold.reenter();
            CompletableFuture<Void> decision = inner == null ? hold.decision() : null;
            if (decision != null) {
                return decision.thenComposeAsync(nothing -> acquireAsync(request), this.context.callbacks::complete);
            }
            // a decision that has come meanwhile
            inner = inner == null ? hold.reenter() : inner;
            if (inner != null) {
                return CompletableFuture.completedFuture(inner);
            }
        }
        long now = this.context.clock.nanoTime();
        AsyncWaiter waiter = new AsyncWaiter(request, this.context, now);
        LocalQueue queue;
        try {
            queue = enter(waiter, now);
            waiter.watch(queue);
        } catch (RuntimeException | Error ex) {
            waiter.abandoned = true;
            waiter.abandon(ex);
            throw ex;
        }
        // a future that is ended, by cancelling it or by a time-out of its own, is not waited for any more
        CompletableFuture<LockLease> unused = waiter.future.whenComplete((lease, failure) -> {
            if (lease == null) {
                queue.withdraw(waiter, Refusal.interrupted());
            }
        });
        return waiter.future;
    }

    private boolean mayEnter(HoldLease outer, LockName name) {
        return outer.hold().isOf(name, this.context) && outer.maybeHeld();
    }

    /** A further lease of a hold that the thread runs under; waits where it is in doubt whether that is held. */
    private @Nullable HoldLease reenter(LockName name) {
        LockLease found = LockContext.find(lease -> lease instanceof HoldLease outer && mayEnter(outer, name));
        if (!(found instanceof HoldLease outer)) {
            return null;
        }
        Hold hold = outer.hold();
        HoldLease inner = hold.reenter();
        if (inner == null) {
            hold.awaitDecision();
            inner = hold.reenter();
        }
        return inner;
    }

    private static LockLease bound(HoldLease inner) {
        try {
            return inner.bound();
        } catch (RuntimeException | Error ex) {
            inner.hold().closeFailed = true;
            throw ex;
        }
    }

    private LocalQueue enter(Waiter waiter, long now) {
        LockRequest request = waiter.request;
        LocalQueue queue;
        do {
            queue = request.fair() ? queueOfItsOwn(request.name()) : sharedQueue(request.name());
        } while (!queue.enter(waiter, now));
        return queue;
    }

    private LocalQueue sharedQueue(LockName name) {
        String key = name.fullName();
        LocalQueue queue = this.context.queues.get(key);
        return queue != null
                ? queue
                : this.context.queues.computeIfAbsent(key, absent -> new LocalQueue(this.context, key, name, false));
    }

    /** A fair caller stands in the store's queue itself, so its local queue has room for one. */
    private LocalQueue queueOfItsOwn(LockName name) {
        String key = name.fullName() + '\n' + this.fairCalls.incrementAndGet();
        LocalQueue queue = new LocalQueue(this.context, key, name, true);
        this.context.queues.put(key, queue);
        return queue;
    }

    @Override
    public Optional<LockHolder> holder(LockName name) {
        if (this.context.closed()) {
            throw new LockShutdownException(name.fullName());
        }
        try {
            return this.context
                    .store
                    .holder(name.fullName())
                    .toCompletableFuture()
                    .get(this.context.commandTimeout, TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw Refusal.interrupted().toException(name.fullName(), Duration.ZERO);
        } catch (TimeoutException ex) {
            throw StoreFailures.unanswered(this.context.commandTimeout);
        } catch (ExecutionException ex) {
            LockStoreException failure = StoreFailures.of(ex);
            throw new LockStoreException(
                    "Cannot tell who holds lock '" + name.fullName() + "': " + failure.getMessage(),
                    failure,
                    failure.getOutcome());
        }
    }

    @Override
    public void close() {
        if (this.context.closed()) {
            return;
        }
        this.context.close();
        List<CompletableFuture<Void>> outstanding = new ArrayList<>();
        this.context
                .tenures
                .values()
                .forEach(tenure -> outstanding.add(tenure.release().done()));
        this.context.queues.values().forEach(LocalQueue::shutDown);
        outstanding.removeIf(CompletableFuture::isDone);
        outstanding.add(this.context.leaves.settled());
        Releases.await(
                CompletableFuture.allOf(outstanding.toArray(CompletableFuture[]::new)), this.context.commandTimeout);
        this.context.clock.shutdown();
    }

    EngineContext context() {
        return this.context;
    }

    /** Finds the tenure that a grant is for. */
    private final class Grants implements GrantListener {

        @Override
        public void onGrant(Grant grant) {
            EngineContext engine = DefaultLockEngine.this.context;
            Tenure tenure = engine.tenures.get(grant.owner());
            if (tenure != null) {
                tenure.granted(grant);
            } else if (engine.isGone(grant.owner()) && !engine.closed()) {
                engine.leaves
                        .add(TenureId.exclusive(grant.fullName(), grant.owner()), false)
                        .send();
            }
        }

        @Override
        public void onListening(boolean listening) {
            EngineContext engine = DefaultLockEngine.this.context;
            engine.listening(listening);
            engine.tenures.values().forEach(Tenure::pollSoon);
        }

        @Override
        public void onReconnected() {
            EngineContext engine = DefaultLockEngine.this.context;
            engine.owners.renew();
            engine.leaves.reconnected();
            engine.tenures.values().forEach(Tenure::pollSoon);
        }
    }
}
