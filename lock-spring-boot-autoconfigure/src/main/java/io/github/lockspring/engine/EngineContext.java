package io.github.lockspring.engine;

import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.StoreCapability;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the parts of one engine share. */
final class EngineContext {

    private static final Logger log = LoggerFactory.getLogger(EngineContext.class);

    final LockStore store;

    final EngineSettings settings;

    final EngineClock clock;

    final OwnerFactory owners;

    final long commandTimeout;

    final long handOverAfter;

    final PendingLeaves leaves;

    final Callbacks callbacks;

    private final AtomicBoolean saidThatItPolls = new AtomicBoolean();

    final EngineTimer timer;

    final Releases releases;

    /** Every tenure that the store may know, by owner. */
    final ConcurrentMap<String, Tenure> tenures = new ConcurrentHashMap<>();

    final ConcurrentMap<String, LocalQueue> queues = new ConcurrentHashMap<>();

    volatile boolean listening;

    /** When the subscription last came or went, or the store was reached over a new connection. */
    volatile long connectionChangedAt;

    volatile boolean closed;

    EngineContext(LockStore store, EngineSettings settings, EngineClock clock, Supplier<Executor> ownThreads) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.owners = new OwnerFactory(settings.application());
        this.commandTimeout = Nanos.of(settings.commandTimeout());
        this.handOverAfter = Nanos.of(settings.handOverAfter());
        this.leaves = new PendingLeaves(this);
        this.callbacks = new Callbacks(clock, settings.callbackExecutor(), ownThreads.get(), ownThreads.get());
        this.timer = new EngineTimer(this);
        this.releases = new Releases(settings.release());
        this.connectionChangedAt = clock.nanoTime();
    }

    boolean storeCan(StoreCapability capability) {
        return this.store.capabilities().contains(capability);
    }

    /** The release of an owner of this engine that has been sent and not been answered. */
    @Nullable CompletableFuture<Void> releaseUnderWay(String owner) {
        Tenure holder = this.tenures.get(owner);
        return holder != null && holder.freeing ? holder.released : this.leaves.of(owner);
    }

    /** Whether an owner of this engine has ended: an answer that names it is from before its end, unless it was lost. */
    boolean isGone(String owner) {
        return owner.startsWith(this.owners.client() + ':') && !this.tenures.containsKey(owner);
    }

    void listening(boolean listening) {
        this.connectionChangedAt = this.clock.nanoTime();
        this.listening = listening;
    }

    /** Says once that polls have to do what messages should. */
    void pollsInstead() {
        if (!this.listening && this.saidThatItPolls.compareAndSet(false, true)) {
            log.info(
                    "Grants do not reach this process by message: callers that wait for a lock poll the store"
                            + " every {} ms until a subscription is confirmed",
                    PollSchedule.WITHOUT_MESSAGES.toMillis());
        }
    }
}
