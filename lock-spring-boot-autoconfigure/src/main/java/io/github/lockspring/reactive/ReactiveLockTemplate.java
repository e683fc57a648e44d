package io.github.lockspring.reactive;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.OnLost;
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

    /**
     * Creates a template.
     *
     * @param locks acquires and releases
     * @param settings say what happens when a lease is lost
     * @param tasks where work is subscribed to
     */
    public ReactiveLockTemplate(LockOperations locks, LockSettings settings, LockTaskExecution tasks) {
        this.locks = locks;
        this.settings = settings;
        this.tasks = tasks;
    }

    @Override
    public <T> Mono<T> usingLock(LockOptions options, Function<? super LockLease, ? extends Mono<T>> work) {
        return Mono.deferContextual(context -> {
            PipelineLock lock = lock(options, context);
            return Mono.usingWhen(
                            lock.acquire(),
                            lease -> lock.guarded(lease, Mono.<T>defer(() -> lock.begin(lease, work))),
                            lock::completed,
                            lock::failed,
                            lock::cancelled)
                    .onErrorMap(lock::told);
        });
    }

    @Override
    public <T> Flux<T> usingLockMany(LockOptions options, Function<? super LockLease, ? extends Publisher<T>> work) {
        return Flux.deferContextual(context -> {
            PipelineLock lock = lock(options, context);
            return Flux.usingWhen(
                            lock.acquire(),
                            lease -> lock.guarded(lease, Flux.<T>defer(() -> lock.begin(lease, work))),
                            lock::completed,
                            lock::failed,
                            lock::cancelled)
                    .onErrorMap(lock::told);
        });
    }

    private PipelineLock lock(LockOptions options, ContextView context) {
        LockLease outer = options.within() != null
                ? null
                : ReactiveLockContext.find(
                        context,
                        lease -> lease.fullName().equals(options.lockName().fullName()));
        return new PipelineLock(
                this.locks,
                outer != null ? options.within(outer) : options,
                this.tasks.capture(),
                this.settings.resolve(options).onLost() != OnLost.LOG);
    }

    @Override
    public Mono<LockHolder> holder(LockOptions options) {
        return Mono.fromCallable(() -> this.locks.holder(options))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(Mono::justOrEmpty);
    }
}
