package io.github.lockspring.reactive;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.ContextView;

/** The lock of one subscription. */
final class PipelineLock {

    private final LockOperations locks;

    private final LockOptions options;

    private final ReactiveReleaseStrategy.Terms terms;

    private final Executor executor;

    private final boolean endsWhenLost;

    private volatile @Nullable LeaseLostException loss;

    PipelineLock(
            LockOperations locks,
            LockOptions options,
            ReactiveReleaseStrategy.Terms terms,
            Executor executor,
            boolean endsWhenLost) {
        this.locks = locks;
        this.options = options;
        this.terms = terms;
        this.executor = executor;
        this.endsWhenLost = endsWhenLost;
    }

    /** Acquires the lock; a lease that comes when the subscription is cancelled is closed. */
    Mono<LockLease> acquire() {
        return Mono.<LockLease>create(sink -> {
                    CompletableFuture<LockLease> engines =
                            this.locks.acquireAsync(this.options).toCompletableFuture();
                    CompletableFuture<LockLease> asked = engines.thenApply(this::given);
                    sink.onCancel(() -> {
                        if (!engines.cancel(false)) {
                            // it is on its way to a sink that no longer takes it
                            CompletableFuture<Void> unused = asked.thenAccept(LockLease::closeAsync);
                        }
                    });
                    CompletableFuture<LockLease> unused =
                            asked.whenComplete((lease, failure) -> answer(sink, lease, failure));
                })
                .doOnError(failure -> this.terms.withdrawn())
                .doOnCancel(this.terms::withdrawn)
                .doOnDiscard(LockLease.class, LockLease::closeAsync);
    }

    /** An executor may drop the task: the loss of the lease, at the latest at shutdown, ends the acquisition then. */
    private void answer(MonoSink<LockLease> sink, @Nullable LockLease lease, @Nullable Throwable failure) {
        AtomicBoolean told = new AtomicBoolean();
        if (lease != null) {
            WeakReference<MonoSink<LockLease>> waiting = new WeakReference<>(sink);
            WeakReference<LockLease> reference = new WeakReference<>(lease);
            lease.onLost(() -> {
                MonoSink<LockLease> pipeline = waiting.get();
                LockLease lost = reference.get();
                if (pipeline != null && lost != null && told.compareAndSet(false, true)) {
                    pipeline.error(loss(lost));
                }
            });
        }
        execute(
                () -> {
                    if (told.compareAndSet(false, true)) {
                        tell(sink, lease, failure);
                    }
                },
                rejection -> {
                    if (told.compareAndSet(false, true)) {
                        refuse(sink, lease, failure, rejection);
                    }
                });
    }

    private static void refuse(
            MonoSink<LockLease> sink, @Nullable LockLease lease, @Nullable Throwable failure, Throwable rejection) {
        if (lease != null) {
            CompletionStage<@Nullable Void> unused = lease.closeAsync();
        }
        if (failure != null) {
            cause(failure).addSuppressed(rejection);
            sink.error(cause(failure));
        } else {
            sink.error(rejection);
        }
    }

    private LockLease given(LockLease lease) {
        try {
            return this.terms.given(lease);
        } catch (RuntimeException | Error ex) {
            lease.close();
            throw ex;
        }
    }

    private static void tell(MonoSink<LockLease> sink, @Nullable LockLease lease, @Nullable Throwable failure) {
        if (failure != null) {
            sink.error(cause(failure));
        } else {
            sink.success(lease);
        }
    }

    /**
     * Calls the work with the leases of its pipeline bound to the thread: it may do something before it returns its
     * publisher.
     */
    <P> P begin(ContextView context, LockLease lease, Function<? super LockLease, ? extends P> work) {
        LockContext.Scope scope = LockContext.bindOnly(ReactiveLockContext.leases(context));
        try {
            // it may have been lost while there was no thread for the work
            lease.ensureHeld();
            return Objects.requireNonNull(work.apply(lease), "The work under the lock returned no publisher");
        } finally {
            scope.close();
        }
    }

    <T> Mono<T> guarded(LockLease lease, Mono<T> work) {
        Mono<T> body = SubscribedLeases.during(work);
        Mono<T> guarded = this.endsWhenLost ? body.takeUntilOther(lost(lease)).switchIfEmpty(failIfLost(lease)) : body;
        return guarded.contextWrite(context -> ReactiveLockContext.with(context, lease));
    }

    <T> Flux<T> guarded(LockLease lease, Flux<T> work) {
        Flux<T> body = SubscribedLeases.during(work);
        Flux<T> guarded = this.endsWhenLost ? body.takeUntilOther(lost(lease)).concatWith(failIfLost(lease)) : body;
        return guarded.contextWrite(context -> ReactiveLockContext.with(context, lease));
    }

    private static <T> Mono<T> failIfLost(LockLease lease) {
        return Mono.defer(() -> lease.isLost() ? Mono.error(loss(lease)) : Mono.empty());
    }

    /**
     * Completes when the lease is lost, which cancels the work: an error would not ({@link Mono#takeUntilOther} of
     * Reactor 3.7 and 3.8). The engine must reach neither lease nor pipeline from here: it gives a lock back whose lease
     * nothing refers to any longer.
     */
    private Mono<Object> lost(LockLease lease) {
        return Mono.create(sink -> {
            WeakReference<MonoSink<Object>> pipeline = new WeakReference<>(sink);
            Executor threads = this.executor;
            lease.onLost(() -> {
                MonoSink<Object> waiting = pipeline.get();
                if (waiting != null) {
                    execute(threads, waiting::success, rejection -> waiting.success());
                }
            });
        });
    }

    Mono<Void> completed(LockLease lease) {
        return closed(lease).then(Mono.defer(() -> {
            if (!this.endsWhenLost || !lease.isLost()) {
                return Mono.empty();
            }
            LeaseLostException lost = loss(lease);
            this.loss = lost;
            return Mono.error(lost);
        }));
    }

    /** What the subscriber gets: Reactor wraps the failure of {@link #completed}. */
    Throwable told(Throwable failure) {
        LeaseLostException lost = this.loss;
        return lost != null && failure.getCause() == lost ? lost : failure;
    }

    Mono<Void> failed(LockLease lease, Throwable failure) {
        return closed(lease).then(Mono.fromRunnable(() -> {
            if (this.endsWhenLost && lease.isLost() && !(failure instanceof LeaseLostException)) {
                failure.addSuppressed(loss(lease));
            }
        }));
    }

    Mono<Void> cancelled(LockLease lease) {
        return closed(lease);
    }

    /** The answer of the store comes on a thread that is not for what follows. */
    private Mono<Void> closed(LockLease lease) {
        return Mono.create(sink -> {
            CompletableFuture<@Nullable Void> closed = lease.closeAsync().toCompletableFuture();
            if (closed.isDone()) {
                sink.success();
            } else {
                CompletableFuture<@Nullable Void> unused =
                        closed.whenComplete((nothing, ignored) -> execute(sink::success, rejection -> sink.success()));
            }
        });
    }

    private static LeaseLostException loss(LockLease lease) {
        try {
            lease.ensureHeld();
        } catch (LeaseLostException lost) {
            return lost;
        }
        throw new IllegalStateException("A lost lease is not held");
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause != null ? cause : failure;
    }

    private void execute(Runnable task, Consumer<Throwable> whenRejected) {
        execute(this.executor, task, whenRejected);
    }

    /** An executor may also be unable to start a thread. */
    private static void execute(Executor executor, Runnable task, Consumer<Throwable> whenRejected) {
        try {
            executor.execute(task);
        } catch (RuntimeException | Error ex) {
            whenRejected.accept(ex);
        }
    }
}
