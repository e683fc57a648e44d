package io.github.lockspring.reactive;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.OnLost;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/**
 * {@link ReactiveLockOperations} over {@link LockOperations}. Thread-safe.
 *
 * @since 0.1
 */
public class ReactiveLockTemplate implements ReactiveLockOperations {

    private final LockOperations locks;

    private final LockSettings settings;

    private final LockTaskExecution tasks;

    private final ReactiveReleaseStrategy releases;

    /**
     * Creates a template that releases locks when their work ends, also in transactions.
     *
     * @param locks acquires and releases
     * @param settings say what happens when a lease is lost
     * @param tasks where work is subscribed to
     */
    public ReactiveLockTemplate(LockOperations locks, LockSettings settings, LockTaskExecution tasks) {
        this(locks, settings, tasks, ReactiveReleaseStrategy.IMMEDIATE);
    }

    /**
     * Creates a template.
     *
     * @param locks acquires and releases
     * @param settings say what happens when a lease is lost, and in a transaction
     * @param tasks where work is subscribed to
     * @param releases when a lock is released
     */
    public ReactiveLockTemplate(
            LockOperations locks, LockSettings settings, LockTaskExecution tasks, ReactiveReleaseStrategy releases) {
        this.locks = locks;
        this.settings = settings;
        this.tasks = tasks;
        this.releases = releases;
    }

    @Override
    public <T> Mono<T> usingLock(LockOptions options, Function<? super LockLease, ? extends Mono<T>> work) {
        Objects.requireNonNull(options, "The options must not be null");
        Objects.requireNonNull(work, "The work under the lock must not be null");
        return Mono.deferContextual(context -> lock(options, context)
                .flatMap(lock -> Mono.usingWhen(
                                lock.acquire(),
                                lease -> lock.guarded(
                                        lease, Mono.<T>deferContextual(inner -> lock.begin(inner, lease, work))),
                                lock::completed,
                                lock::failed,
                                lock::cancelled)
                        .onErrorMap(lock::told)));
    }

    @Override
    public <T> Flux<T> usingLockMany(LockOptions options, Function<? super LockLease, ? extends Publisher<T>> work) {
        Objects.requireNonNull(options, "The options must not be null");
        Objects.requireNonNull(work, "The work under the lock must not be null");
        return Flux.deferContextual(context -> lock(options, context)
                .flatMapMany(lock -> Flux.usingWhen(
                                lock.acquire(),
                                lease -> lock.guarded(
                                        lease, Flux.<T>deferContextual(inner -> lock.begin(inner, lease, work))),
                                lock::completed,
                                lock::failed,
                                lock::cancelled)
                        .onErrorMap(lock::told)));
    }

    private Mono<PipelineLock> lock(LockOptions options, ContextView context) {
        LockOptions asked = within(options, context);
        Executor executor = this.tasks.capture();
        LockRequest request = this.settings.resolve(asked);
        return this.releases
                .beforeAcquire(this.locks, request, task -> execute(executor, task))
                .map(terms -> new PipelineLock(
                        this.locks, within(asked, terms), terms, executor, request.onLost() != OnLost.LOG));
    }

    /** What must go on in any case, on this thread if there is no other. */
    private static void execute(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RuntimeException | Error ex) {
            task.run();
        }
    }

    private static LockOptions within(LockOptions options, ContextView context) {
        if (options.within() != null) {
            return options;
        }
        LockLease outer = ReactiveLockContext.find(
                context,
                lease -> !lease.isClosed()
                        && lease.fullName().equals(options.lockName().fullName()));
        return outer != null ? options.within(outer) : options;
    }

    /** Where the work is over and only its transaction still has the lock, no call is inside of another. */
    private static LockOptions within(LockOptions options, ReactiveReleaseStrategy.Terms terms) {
        LockLease kept = terms.kept();
        return kept != null ? options.within(kept).reentrant(true) : options;
    }

    @Override
    public Mono<LockHolder> holder(LockOptions options) {
        return Mono.fromCallable(() -> this.locks.holder(options))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(Mono::justOrEmpty);
    }
}
