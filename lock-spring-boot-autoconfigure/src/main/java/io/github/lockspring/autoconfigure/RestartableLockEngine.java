package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockEngineStatus;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockSnapshot;
import io.github.lockspring.store.LockStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine of an application context. Every start of the context has an engine of its own, with owners of its own, and
 * nothing of an earlier one: two processes that were restored from one checkpoint have no owner in common. It is made at
 * the start, or by the first call before that, since an engine connects as soon as it is there, and a context that is
 * checkpointed while it is refreshed must have no connections.
 */
final class RestartableLockEngine implements LockEngine {

    private final LockStore store;

    private final Supplier<LockEngine> factory;

    /** {@code null} if none has been made since the context was stopped, or at all. */
    private volatile @Nullable LockEngine present;

    private volatile boolean closed;

    /**
     * Creates an engine that is open, and has not registered with its store yet.
     *
     * @param store where locks are kept
     * @param factory makes what does the work
     */
    RestartableLockEngine(LockStore store, Supplier<LockEngine> factory) {
        this.store = store;
        this.factory = factory;
    }

    LockStore store() {
        return this.store;
    }

    @Override
    public synchronized void open() {
        if (this.closed) {
            this.present = null;
            this.closed = false;
        }
        if (this.present == null) {
            this.present = this.factory.get();
        }
    }

    @Override
    public void close() {
        LockEngine ending;
        synchronized (this) {
            this.closed = true;
            ending = this.present;
        }
        if (ending != null) {
            ending.close();
        }
    }

    /** What does the work, also after its end: it knows best how to refuse a call. */
    private LockEngine engine(LockName name) {
        LockEngine engine = this.present;
        return engine != null ? engine : firstEngine(name);
    }

    private synchronized LockEngine firstEngine(LockName name) {
        LockEngine engine = this.present;
        if (engine == null) {
            if (this.closed) {
                throw new LockShutdownException(name);
            }
            engine = this.factory.get();
            this.present = engine;
        }
        return engine;
    }

    @Override
    public LockLease acquire(LockRequest request) {
        return engine(request.name()).acquire(request);
    }

    @Override
    public LockLease acquireUninterruptibly(LockRequest request) {
        return engine(request.name()).acquireUninterruptibly(request);
    }

    @Override
    public CompletionStage<LockLease> acquireAsync(LockRequest request) {
        LockEngine engine;
        try {
            engine = engine(request.name());
        } catch (LockShutdownException ex) {
            return CompletableFuture.failedFuture(ex);
        }
        return engine.acquireAsync(request);
    }

    @Override
    public Optional<LockHolder> holder(LockName name) {
        return engine(name).holder(name);
    }

    @Override
    public Optional<LockHolder> forceRelease(LockName name, @Nullable String owner) {
        return engine(name).forceRelease(name, owner);
    }

    @Override
    public LockEngineStatus status() {
        LockEngine engine = this.present;
        return engine != null
                ? engine.status()
                : new LockEngineStatus(this.store.toString(), false, Duration.ZERO, Map.of(), List.of(), true);
    }

    @Override
    public LockSnapshot snapshot() {
        LockEngine engine = this.present;
        return engine != null ? engine.snapshot() : LockSnapshot.EMPTY;
    }

    @Override
    public void skipped(LockNotAcquiredException failure) {
        LockEngine engine = this.present;
        if (engine != null) {
            engine.skipped(failure);
        }
    }
}
