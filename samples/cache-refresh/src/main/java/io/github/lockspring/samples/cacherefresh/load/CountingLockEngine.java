package io.github.lockspring.samples.cacherefresh.load;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Counts how many times each thread asks for a lock. Annotated methods ask the bean of type {@link LockEngine}. */
final class CountingLockEngine implements LockEngine {

    private final LockEngine engine;

    private final ThreadLocal<Long> count = ThreadLocal.withInitial(() -> 0L);

    CountingLockEngine(LockEngine engine) {
        this.engine = engine;
    }

    /** How many times this thread has asked. */
    long askedByThisThread() {
        return this.count.get();
    }

    private void count() {
        this.count.set(this.count.get() + 1);
    }

    @Override
    public LockLease acquire(LockRequest request) {
        count();
        return this.engine.acquire(request);
    }

    @Override
    public LockLease acquireUninterruptibly(LockRequest request) {
        count();
        return this.engine.acquireUninterruptibly(request);
    }

    @Override
    public CompletionStage<LockLease> acquireAsync(LockRequest request) {
        count();
        return this.engine.acquireAsync(request);
    }

    @Override
    public Optional<LockHolder> holder(LockName name) {
        return this.engine.holder(name);
    }

    @Override
    public void open() {
        this.engine.open();
    }

    @Override
    public void close() {
        this.engine.close();
    }
}
