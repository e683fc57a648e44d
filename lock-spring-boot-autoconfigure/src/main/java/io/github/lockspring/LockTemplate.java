package io.github.lockspring;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@link LockOperations} over a {@link LockEngine}: fills in the configured settings and runs the work. Thread-safe.
 *
 * @since 0.1
 */
public class LockTemplate implements LockOperations {

    private final LockEngine engine;

    private final LockSettings settings;

    private final LeaseReleaseStrategy releases;

    private final LockTaskExecution tasks;

    /**
     * Creates a template that releases locks when their leases are closed, also in transactions.
     *
     * @param engine acquires and releases
     * @param settings defaults and per-name settings
     */
    public LockTemplate(LockEngine engine, LockSettings settings) {
        this(engine, settings, LeaseReleaseStrategy.IMMEDIATE);
    }

    /**
     * Creates a template that begins asynchronous work on the common pool.
     *
     * @param engine acquires and releases
     * @param settings defaults and per-name settings
     * @param releases when the lock of a closed lease is released
     */
    public LockTemplate(LockEngine engine, LockSettings settings, LeaseReleaseStrategy releases) {
        this(engine, settings, releases, LockTaskExecution.on(ForkJoinPool.commonPool()));
    }

    /**
     * Creates a template.
     *
     * @param engine acquires and releases
     * @param settings defaults and per-name settings
     * @param releases when the lock of a closed lease is released
     * @param tasks where asynchronous work begins
     */
    public LockTemplate(
            LockEngine engine, LockSettings settings, LeaseReleaseStrategy releases, LockTaskExecution tasks) {
        this.engine = engine;
        this.settings = settings;
        this.releases = releases;
        this.tasks = tasks;
    }

    @Override
    public <T extends @Nullable Object, E extends Throwable> T call(LockOptions options, LockCallback<T, E> callback)
            throws E {
        LockRequest request = this.settings.resolve(options);
        return work(acquire(request), request, callback);
    }

    @Override
    public <E extends Throwable> boolean tryRun(LockOptions options, LockTask<E> task) throws E {
        LockRequest request = this.settings.resolve(options);
        LockLease lease = acquireOrSkip(request);
        if (lease != null) {
            LockCallback<LockLease, E> callback = held -> {
                task.run();
                return held;
            };
            work(lease, request, callback);
        }
        return lease != null;
    }

    @Override
    public <T> Optional<T> tryExecute(LockOptions options, Function<? super LockLease, ? extends T> work) {
        LockRequest request = this.settings.resolve(options);
        LockLease lease = acquireOrSkip(request);
        if (lease == null) {
            return Optional.empty();
        }
        LockCallback<@Nullable T, RuntimeException> callback = work::apply;
        return Optional.ofNullable(work(lease, request, callback));
    }

    private static <T extends @Nullable Object, E extends Throwable> T work(
            LockLease lease, LockRequest request, LockCallback<T, E> callback) throws E {
        T result;
        try {
            result = request.onLost() == OnLost.INTERRUPT
                    ? new LossInterrupt().call(lease, callback)
                    : callback.doInLock(lease);
        } catch (Throwable failure) {
            closeAfter(failure, lease);
            throw failure;
        }
        lease.close();
        if (request.onLost() != OnLost.LOG && lease.isLost()) {
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
        if (lease.isLost() && !saysSo(failure, lease)) {
            try {
                lease.ensureHeld();
            } catch (LeaseLostException loss) {
                failure.addSuppressed(loss);
            }
        }
    }

    /** Whether the work has found the loss itself, as a transaction does that is about to commit. */
    private static boolean saysSo(Throwable failure, LockLease lease) {
        return failure instanceof LeaseLostException lost && lost.getFencingToken() == lease.fencingToken();
    }

    @Override
    public LockLease acquire(LockOptions options) {
        return acquire(this.settings.resolve(options));
    }

    @Override
    public LockLease acquireUninterruptibly(LockOptions options) {
        LockRequest request = this.settings.resolve(options);
        UnaryOperator<LockLease> release = this.releases.beforeAcquire(request);
        return given(this.engine.acquireUninterruptibly(request), request, release);
    }

    @Override
    public Optional<LockLease> tryAcquire(LockOptions options, Duration waitTime) {
        try {
            return Optional.of(acquire(trying(options, waitTime)));
        } catch (LockNotAcquiredException contended) {
            return Optional.empty();
        }
    }

    private @Nullable LockLease acquireOrSkip(LockRequest request) {
        try {
            return acquire(request);
        } catch (LockNotAcquiredException contended) {
            this.engine.skipped(contended);
            return null;
        }
    }

    private LockLease acquire(LockRequest request) {
        UnaryOperator<LockLease> release = this.releases.beforeAcquire(request);
        return given(this.engine.acquire(request), request, release);
    }

    private LockLease given(@Nullable LockLease lease, LockRequest request, UnaryOperator<LockLease> release) {
        if (lease == null) {
            throw new IllegalStateException(
                    "The LockEngine bean (" + this.engine.getClass().getName() + ") returned no lease for lock '"
                            + request.name().name() + "': is it a mock?");
        }
        try {
            return release.apply(lease);
        } catch (RuntimeException | Error ex) {
            lease.close();
            throw ex;
        }
    }

    @Override
    public CompletionStage<LockLease> acquireAsync(LockOptions options) {
        return acquireAsync(this.settings.resolve(options));
    }

    private CompletionStage<LockLease> acquireAsync(LockRequest request) {
        return acquireAsync(request, lease -> lease, contended -> null);
    }

    @Override
    public <T extends @Nullable Object> CompletionStage<T> executeAsync(
            LockOptions options, Function<? super LockLease, ? extends @Nullable CompletionStage<T>> work) {
        LockRequest request = this.settings.resolve(options);
        return new LockedStage<>(request, this.tasks.capture(), work).after(acquireAsync(request));
    }

    @Override
    public CompletionStage<Optional<LockLease>> tryAcquireAsync(LockOptions options, Duration waitTime) {
        return acquireAsync(trying(options, waitTime), Optional::of, contended -> Optional.empty());
    }

    /** Cancelling the result withdraws the request. */
    private <T> CompletionStage<T> acquireAsync(
            LockRequest request,
            Function<LockLease, T> acquired,
            Function<LockNotAcquiredException, @Nullable T> contended) {
        UnaryOperator<LockLease> release;
        try {
            release = this.releases.beforeAcquire(request);
        } catch (IllegalStateException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        CompletableFuture<LockLease> asked = this.engine.acquireAsync(request).toCompletableFuture();
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletableFuture<LockLease> unusedLease = asked.whenComplete((lease, failure) -> {
            T refused = failure instanceof LockNotAcquiredException ex ? contended.apply(ex) : null;
            if (refused != null) {
                result.complete(refused);
            } else if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                complete(result, lease, request, release, acquired);
            }
        });
        CompletableFuture<T> unusedResult = result.whenComplete((lease, failure) -> asked.cancel(false));
        return result;
    }

    private <T> void complete(
            CompletableFuture<T> result,
            LockLease lease,
            LockRequest request,
            UnaryOperator<LockLease> release,
            Function<LockLease, T> acquired) {
        try {
            LockLease given = given(lease, request, release);
            if (!result.complete(acquired.apply(given))) {
                given.close();
            }
        } catch (RuntimeException | Error ex) {
            result.completeExceptionally(ex);
        }
    }

    private LockRequest trying(LockOptions options, Duration waitTime) {
        return this.settings.resolve(options).withWaitTime(LockDurations.checkWaitTime(waitTime));
    }

    @Override
    public Optional<LockHolder> holder(LockOptions options) {
        return this.engine.holder(this.settings.shown(options.lockName()));
    }
}
