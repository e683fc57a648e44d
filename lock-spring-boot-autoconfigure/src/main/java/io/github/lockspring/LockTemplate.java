package io.github.lockspring;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@link LockOperations} over a {@link LockEngine}: fills in the configured settings and runs the work. Thread-safe.
 *
 * @since 0.1
 */
public class LockTemplate implements LockOperations {

    private final LockEngine engine;

    private final LockSettings settings;

    /**
     * Creates a template.
     *
     * @param engine acquires and releases
     * @param settings defaults and per-name settings
     */
    public LockTemplate(LockEngine engine, LockSettings settings) {
        this.engine = engine;
        this.settings = settings;
    }

    @Override
    public <T extends @Nullable Object, E extends Throwable> T call(LockOptions options, LockCallback<T, E> callback)
            throws E {
        LockLease lease = acquire(options);
        T result;
        try {
            result = callback.doInLock(lease);
        } catch (Throwable failure) {
            closeAfter(failure, lease);
            throw failure;
        }
        lease.close();
        if (lease.isLost()) {
            lease.ensureHeld();
        }
        return result;
    }

    /**
     * Whether the lease was lost is determined when it is closed, at the latest; an exception of the work takes
     * precedence.
     */
    private static void closeAfter(Throwable failure, LockLease lease) {
        try {
            lease.close();
        } catch (Throwable ex) {
            failure.addSuppressed(ex);
        }
        if (lease.isLost()) {
            try {
                lease.ensureHeld();
            } catch (LeaseLostException loss) {
                failure.addSuppressed(loss);
            }
        }
    }

    @Override
    public LockLease acquire(LockOptions options) {
        LockLease lease = this.engine.acquire(this.settings.resolve(options));
        if (lease == null) {
            throw new IllegalStateException(
                    "The LockEngine bean (" + this.engine.getClass().getName() + ") returned no lease for lock '"
                            + options.lockName().name() + "': is it a mock?");
        }
        return lease;
    }

    @Override
    public LockLease acquireUninterruptibly(LockOptions options) {
        return this.engine.acquireUninterruptibly(this.settings.resolve(options));
    }

    @Override
    public Optional<LockLease> tryAcquire(LockOptions options, Duration waitTime) {
        try {
            return Optional.of(this.engine.acquire(trying(options, waitTime)));
        } catch (LockNotAcquiredException contended) {
            return Optional.empty();
        }
    }

    @Override
    public CompletionStage<LockLease> acquireAsync(LockOptions options) {
        return this.engine.acquireAsync(this.settings.resolve(options));
    }

    /** Cancelling the result withdraws the request. */
    @Override
    public CompletionStage<Optional<LockLease>> tryAcquireAsync(LockOptions options, Duration waitTime) {
        CompletableFuture<LockLease> asked =
                this.engine.acquireAsync(trying(options, waitTime)).toCompletableFuture();
        CompletableFuture<Optional<LockLease>> result = new CompletableFuture<>();
        CompletableFuture<LockLease> unusedLease = asked.whenComplete((lease, failure) -> {
            if (lease != null) {
                if (!result.complete(Optional.of(lease))) {
                    lease.close();
                }
            } else if (failure instanceof LockNotAcquiredException) {
                result.complete(Optional.empty());
            } else {
                result.completeExceptionally(failure);
            }
        });
        CompletableFuture<Optional<LockLease>> unusedResult =
                result.whenComplete((lease, failure) -> asked.cancel(false));
        return result;
    }

    private LockRequest trying(LockOptions options, Duration waitTime) {
        return this.settings.resolve(options).withWaitTime(LockDurations.checkWaitTime(waitTime));
    }

    @Override
    public Optional<LockHolder> holder(LockOptions options) {
        return this.engine.holder(this.settings.shown(options.lockName()));
    }
}
