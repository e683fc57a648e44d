package io.github.lockspring.engine;

import io.github.lockspring.LockName;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.StoreCapability;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all parts of an engine need, and what does not depend on a lock: settings, clock, store and the link to it. */
final class EngineContext {

    private static final Logger log = LoggerFactory.getLogger(EngineContext.class);

    /**
     * The maximum number of loss listeners that run at the same time, and of stages that the executor of the
     * application does not run.
     */
    private static final int OWN_THREADS = 8;

    final LockStore store;

    final EngineSettings settings;

    final EngineClock clock;

    final EngineMonitor monitor;

    final OwnerFactory owners;

    final long commandTimeout;

    final long handOverAfter;

    final Callbacks callbacks;

    final Releases releases;

    /** When the log last reported callers that wait without limit. */
    final OncePerMinute endlessWaits = new OncePerMinute();

    /** The lease of a tenure that has none yet. */
    final LeaseValidity.Setting noLease;

    volatile boolean closed;

    private volatile boolean listening;

    private volatile long connectionChangedAt;

    private final AtomicInteger connectionChanges = new AtomicInteger();

    private final AtomicBoolean saidThatItPolls = new AtomicBoolean();

    EngineContext(
            LockStore store,
            EngineSettings settings,
            EngineClock clock,
            EngineMonitor monitor,
            Supplier<Executor> ownThreads) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.monitor = monitor;
        this.owners = new OwnerFactory(settings.application());
        this.commandTimeout = Nanos.of(settings.commandTimeout());
        this.handOverAfter = Nanos.of(settings.handOverAfter());
        this.callbacks = new Callbacks(clock, settings.callbackExecutor(), ownThreads.get(), ownThreads.get());
        this.releases = new Releases(settings.release());
        this.connectionChangedAt = clock.nanoTime();
        this.noLease = LeaseValidity.none(this.connectionChangedAt);
        // initializes that class here, not in the call of a caller
        boolean unused = ReactorThreads.isNonBlocking(Thread.currentThread());
    }

    static Executor ownThreads() {
        return DaemonThreads.pool("callback", OWN_THREADS, Integer.MAX_VALUE);
    }

    /**
     * Whether the current thread processes responses, possibly those of the store, which are delayed while it is
     * blocked.
     */
    boolean mustNotBlock() {
        Thread current = Thread.currentThread();
        return ReactorThreads.isNonBlocking(current) || this.store.mustNotBlock(current);
    }

    boolean storeCan(StoreCapability capability) {
        return this.store.capabilities().contains(capability);
    }

    /** Whether grants reach this process by message. */
    boolean isListening() {
        return this.listening;
    }

    /** The subscription came or went. */
    void listening(boolean listening) {
        // first, so that no grant is dated by earlier answers
        this.connectionChangedAt = this.clock.nanoTime();
        this.listening = listening;
        this.connectionChanges.incrementAndGet();
    }

    /** Messages and commands in flight may be lost; earlier answers may have come from another server. */
    void connectionChanged() {
        this.connectionChangedAt = this.clock.nanoTime();
        this.connectionChanges.incrementAndGet();
    }

    /** When the subscription last came or went, or the store was reached over a new connection. */
    long connectionChangedAt() {
        return this.connectionChangedAt;
    }

    int connectionChanges() {
        return this.connectionChanges.get();
    }

    /** Logs once that polls have to replace messages. */
    void pollsInstead() {
        if (!this.listening && this.saidThatItPolls.compareAndSet(false, true)) {
            log.info(
                    "Grants do not reach this process by message: callers that wait for a lock poll the store"
                            + " every {} ms until a subscription is confirmed",
                    PollSchedule.WITHOUT_MESSAGES.toMillis());
        }
    }

    void requireThreadThatMayBlock(LockName name) {
        if (mustNotBlock()) {
            throw new IllegalStateException("Thread '" + Thread.currentThread().getName()
                    + "' must not block for lock '" + name + "': it processes responses, possibly the one that"
                    + " this call would wait for. Use the asynchronous methods of LockOperations, or call from a"
                    + " thread of your own");
        }
    }

    /** Refuses a request that the store cannot serve. */
    void require(StoreCapability capability, LockName name, String why) {
        if (!storeCan(capability)) {
            throw new IllegalArgumentException("Lock '" + name + "' cannot be acquired like that from the lock store ("
                    + this.store.getClass().getName() + "): " + why);
        }
    }
}
