package io.github.lockspring.engine;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockEngineStatus;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockSnapshot;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.StageFailures;
import io.github.lockspring.store.StoreCapability;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine: process first, then network. Callers of one process queue locally and share tenures; the store sees one
 * request per process and lock, except for fair callers, which each have their own. Asynchronous inside; the blocking
 * API parks on it. Thread-safe, also for virtual threads.
 *
 * @since 0.1
 */
public final class DefaultLockEngine implements LockEngine {

    final EngineContext context;

    final Tenures tenures;

    final ConcurrentMap<String, LocalQueue> queues = new ConcurrentHashMap<>();

    private final AtomicLong fairCalls = new AtomicLong();

    private final ReentryTimes reentryTimes = new ReentryTimes();

    /**
     * Creates an engine and registers it with its store.
     *
     * @param store where locks are kept
     * @param settings how to go about it
     */
    public DefaultLockEngine(LockStore store, EngineSettings settings) {
        this(store, settings, null);
    }

    /**
     * Creates an engine and registers it with its store.
     *
     * @param store where locks are kept
     * @param settings how to go about it
     * @param monitor is told what becomes of its calls, {@code null} for none, which costs nothing
     */
    public DefaultLockEngine(LockStore store, EngineSettings settings, @Nullable LockMonitor monitor) {
        this(store, settings, new SystemClock(), EngineMonitor.of(monitor), EngineContext::ownThreads);
    }

    DefaultLockEngine(
            LockStore store,
            EngineSettings settings,
            EngineClock clock,
            EngineMonitor monitor,
            Supplier<Executor> ownThreads) {
        this.context = new EngineContext(store, settings, clock, monitor, ownThreads);
        EngineTimer timer = new EngineTimer(this.context);
        this.tenures = new Tenures(this.context, timer);
        timer.has(new TenureSweep(this.context, this.tenures));
        store.onGrant(this.context.owners.client(), new GrantReception(this.context, this.tenures));
    }

    @Override
    public LockLease acquire(LockRequest request) {
        return acquire(request, true);
    }

    @Override
    public LockLease acquireUninterruptibly(LockRequest request) {
        return acquire(request, false);
    }

    private LockLease acquire(LockRequest request, boolean interruptible) {
        HoldLease outer = ofEngine(LockContext.find(lease -> mayEnter(lease, request.name())));
        if (outer != null) {
            requireReentrant(request);
            HoldLease inner = outer.reenter();
            if (inner == null) {
                outer.hold.awaitDecision(interruptible);
                inner = outer.reenter();
            }
            if (inner != null) {
                return reentered(inner, request, true);
            }
        }
        this.context.requireThreadThatMayBlock(request.name());
        long now = this.context.clock.nanoTime();
        BlockingWaiter waiter = new BlockingWaiter(request, this.context, now, interruptible);
        try {
            waiter.await(enter(waiter, now));
            Hold hold = waiter.hold;
            if (hold != null) {
                return waiter.taken(hold.firstBoundLease(), hold);
            }
        } catch (RuntimeException | Error ex) {
            waiter.abandoned = true;
            waiter.withdrawAfter(waiter.failed(ex));
            throw ex;
        }
        throw waiter.failed(waiter.toException());
    }

    @Override
    public CompletionStage<LockLease> acquireAsync(LockRequest request) {
        HoldLease outer = ofEngine(request.within());
        if (outer != null && mayEnter(outer, request.name())) {
            if (!request.reentrant()) {
                return CompletableFuture.failedFuture(notReentrant(request, outer));
            }
            Hold hold = outer.hold;
            HoldLease inner = outer.reenter();
            CompletableFuture<Void> decision = inner == null ? hold.keeper.decision(hold) : null;
            if (decision != null) {
                return decided(decision, request);
            }
            // a decision that was made in the meantime
            inner = inner == null ? outer.reenter() : inner;
            if (inner != null) {
                return CompletableFuture.completedFuture(reentered(inner, request, false));
            }
        }
        long now = this.context.clock.nanoTime();
        AsyncWaiter waiter = new AsyncWaiter(request, this.context, now);
        CompletableFuture<LockLease> future = waiter.future;
        try {
            LocalQueue queue = enter(waiter, now);
            waiter.watch(queue, queue::look);
            // a future that is cancelled, or completed by its own time limit, no longer needs a result
            CompletableFuture<LockLease> unused = future.whenComplete((lease, failure) -> {
                if (lease == null) {
                    queue.withdraw(waiter, Refusal.interrupted());
                }
            });
        } catch (RuntimeException | Error ex) {
            waiter.abandoned = true;
            waiter.withdrawAfter(waiter.failed(ex));
            throw ex;
        }
        return future;
    }

    /** A further lease for its caller; after an error, which leaves it without one, the timer ends the hold. */
    private HoldLease reentered(HoldLease inner, LockRequest request, boolean bound) {
        try {
            this.reentryTimes.compare(inner.hold, request);
            return bound ? inner.bound() : inner;
        } catch (RuntimeException | Error ex) {
            inner.hold.closeFailed = true;
            throw ex;
        }
    }

    /** Whether a call may re-enter the hold of a lease, once it is beyond doubt whether that is held. */
    private boolean mayEnter(LockLease lease, LockName name) {
        HoldLease outer = ofEngine(lease);
        return outer != null
                && outer.hold.name().equals(name)
                && outer.hold.engine == this.context
                && outer.maybeHeld();
    }

    /** Where the work is over and only its transaction still has the lock, no call is inside of another. */
    private void requireReentrant(LockRequest request) {
        HoldLease running = request.reentrant()
                ? null
                : ofEngine(LockContext.findRunning(lease -> mayEnter(lease, request.name())));
        if (running != null) {
            throw notReentrant(request, running);
        }
    }

    private static LockNotAcquiredException notReentrant(LockRequest request, HoldLease outer) {
        return LockNotAcquiredException.notReentrant(request.name(), outer.hold.tenure.holder());
    }

    /** The lease that an engine of this kind gave, {@code null} if it is of another kind. */
    private static @Nullable HoldLease ofEngine(@Nullable LockLease lease) {
        return lease != null && lease.unwrap() instanceof HoldLease given ? given : null;
    }

    /** The caller may no longer wait for the result when it arrives. */
    private CompletionStage<LockLease> decided(CompletableFuture<Void> decision, LockRequest request) {
        CompletableFuture<LockLease> result = new CompletableFuture<>();
        CompletableFuture<LockLease> unused = decision.thenComposeAsync(
                        nothing -> acquireAsync(request), this.context.callbacks::complete)
                .whenComplete((lease, failure) -> {
                    if (lease == null) {
                        result.completeExceptionally(StageFailures.unwrap(failure));
                    } else if (!result.complete(lease)) {
                        lease.close();
                    }
                });
        return result;
    }

    private LocalQueue enter(Waiter waiter, long now) {
        LockName name = waiter.request.name();
        boolean fair = waiter.request.fair();
        if (fair) {
            this.context.require(StoreCapability.QUEUE, name, "fair locks need a queue in the store: omit fair");
        }
        if (!waiter.request.holdAtLeast().isZero()) {
            this.context.require(
                    StoreCapability.EXPIRE, name, "it cannot keep others out after a release: omit holdAtLeast");
        }
        // a fair caller stands in the store's queue itself, so its local queue has room for one
        String key = fair ? name.fullName() + '\n' + this.fairCalls.incrementAndGet() : name.fullName();
        while (true) {
            LocalQueue queue = this.queues.get(key);
            if (queue == null) {
                queue = this.queues.computeIfAbsent(key, absent -> newQueue(absent, name, fair));
            }
            if (queue.enter(waiter, now)) {
                return queue;
            }
            // an error may have kept it from going by itself
            this.queues.remove(key, queue);
        }
    }

    private LocalQueue newQueue(String key, LockName name, boolean fair) {
        return new LocalQueue(this.context, this.tenures, name, fair, retired -> this.queues.remove(key, retired));
    }

    @Override
    public Optional<LockHolder> holder(LockName name) {
        return query(name).ask(name);
    }

    @Override
    public Optional<LockHolder> forceRelease(LockName name, @Nullable String owner) {
        return new ForcedRelease(this.tenures, query(name)).of(name, owner);
    }

    private HolderQuery query(LockName name) {
        if (this.context.closed) {
            throw new LockShutdownException(name);
        }
        this.context.requireThreadThatMayBlock(name);
        return new HolderQuery(this.context, this.tenures);
    }

    @Override
    public LockEngineStatus status() {
        return EngineSnapshot.status(this.context, this.queues.values());
    }

    @Override
    public LockSnapshot snapshot() {
        return EngineSnapshot.of(this.queues.values(), this.context.clock.nanoTime());
    }

    @Override
    public void skipped(LockNotAcquiredException failure) {
        this.context.monitor.skipped(failure);
    }

    /**
     * Returns the store that it was created with.
     *
     * @return where locks are kept
     */
    public LockStore store() {
        return this.context.store;
    }

    @Override
    public void close() {
        if (this.context.closed) {
            return;
        }
        this.context.closed = true;
        CompletableFuture<Void> released = CompletableFuture.allOf(
                this.tenures.all().stream().map(entry -> entry.release().done).toArray(CompletableFuture[]::new));
        this.queues.values().forEach(LocalQueue::shutDown);
        if (!this.context.mustNotBlock()) {
            CompletableFuture<Void> settled = this.tenures.leaves().settled();
            Releases.await(CompletableFuture.allOf(released, settled), this.context.commandTimeout);
        }
        this.context.clock.shutdown();
        this.context.store.offGrant(this.context.owners.client());
    }
}
