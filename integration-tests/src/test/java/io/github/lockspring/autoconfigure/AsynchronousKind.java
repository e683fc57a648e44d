package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import io.github.lockspring.kotlin.FlowJob;
import io.github.lockspring.kotlin.SuspendingJob;
import io.github.lockspring.reactive.ReactiveLockOperations;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The ways to do asynchronous work under a lock of name {@code job}. */
enum AsynchronousKind {
    FUTURE(FutureJob.class) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(FutureJob.class).run(id, work);
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(FutureJob.class).runOrSkip(id, work);
        }
    },

    STAGE(StageJob.class) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(StageJob.class).run(id, work);
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(StageJob.class).runOrSkip(id, work);
        }
    },

    MONO(MonoJob.class) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(MonoJob.class).run(id, work);
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(MonoJob.class).runOrSkip(id, work);
        }
    },

    FLUX(FluxJob.class) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(FluxJob.class).run(id, work);
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(FluxJob.class).runOrSkip(id, work);
        }
    },

    FLOW_PUBLISHER(PublisherJob.class) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            return FlowAdapters.toPublisher(context.getBean(PublisherJob.class).run(id, work));
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            return FlowAdapters.toPublisher(context.getBean(PublisherJob.class).runOrSkip(id, work));
        }
    },

    ASYNC(AsyncJobs.Futures.class) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(AsyncJobs.Futures.class).run(id, work);
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(AsyncJobs.Futures.class).runOrSkip(id, work);
        }
    },

    /** What a caller would have is told by the method, or by the handler of uncaught exceptions. */
    ASYNC_WITHOUT_FUTURE(AsyncJobs.Voids.class) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            CompletableFuture<String> told = new CompletableFuture<>();
            context.getBean(AsyncJobs.Voids.class).run(id, work, told);
            return told;
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            CompletableFuture<String> told = context.getBean(AsyncJobs.class).nextSkipped();
            context.getBean(AsyncJobs.Voids.class).runOrSkip(id, work, told);
            return told;
        }

        @Override
        boolean isCancellable() {
            return false;
        }

        @Override
        boolean cancelsWork() {
            return false;
        }
    },

    SUSPEND(SuspendingJob.class) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            return SuspendingJob.start(context.getBean(SuspendingJob.class), id, work);
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            return SuspendingJob.startOrSkip(context.getBean(SuspendingJob.class), id, work);
        }
    },

    FLOW(FlowJob.class) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            return FlowJob.start(context.getBean(FlowJob.class), id, work);
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            return FlowJob.startOrSkip(context.getBean(FlowJob.class), id, work);
        }
    },

    /** {@link LockOperations#executeAsync}. */
    CODE_WITH_FUTURE(null) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(LockOperations.class).executeAsync(options(id), lease -> work);
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(LockOperations.class)
                    .tryAcquireAsync(options(id), Duration.ZERO)
                    .thenCompose(lease -> lease.isPresent() ? work : CompletableFuture.completedFuture(null));
        }
    },

    /** {@link ReactiveLockOperations#withLock}. */
    CODE_WITH_MONO(null) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(ReactiveLockOperations.class).withLock(options(id), Mono.fromFuture(work));
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(ReactiveLockOperations.class)
                    .withLock(options(id).waitTime(Duration.ZERO), Mono.fromFuture(work))
                    .onErrorComplete(LockNotAcquiredException.class);
        }
    },

    /** {@link ReactiveLockOperations#withLockMany}. */
    CODE_WITH_FLUX(null) {

        @Override
        Object start(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(ReactiveLockOperations.class).withLockMany(options(id), Mono.fromFuture(work));
        }

        @Override
        Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work) {
            return context.getBean(ReactiveLockOperations.class)
                    .withLockMany(options(id).waitTime(Duration.ZERO), Mono.fromFuture(work))
                    .onErrorComplete(LockNotAcquiredException.class);
        }
    };

    /** The bean with the annotated methods, if there are any. */
    final Class<?> bean;

    AsynchronousKind(Class<?> bean) {
        this.bean = bean;
    }

    static LockOptions options(String id) {
        return LockOptions.named("job").key(id);
    }

    /** Asks for the lock and then for the work; a future, stage or publisher. */
    abstract Object start(ApplicationContext context, String id, CompletableFuture<String> work);

    /** Does the same, or nothing if another caller has the lock. */
    abstract Object startOrSkip(ApplicationContext context, String id, CompletableFuture<String> work);

    /** Whether a caller has a result, which it can cancel: that ends waiting and running calls. */
    boolean isCancellable() {
        return true;
    }

    /** Whether a lost lease cancels the work: nothing does where no one has a future of it. It goes on, and the lock is lost. */
    boolean cancelsWork() {
        return true;
    }

    /** What a caller has of a result: a future whose end is that of the call. */
    static CompletableFuture<?> future(Object result) {
        return result instanceof CompletionStage<?> stage
                ? stage.toCompletableFuture()
                : Flux.from((Publisher<?>) result).singleOrEmpty().toFuture();
    }

    /** The same for a caller that is patient for a time only. */
    static CompletableFuture<?> futureWithin(Duration time, Object result) {
        return result instanceof CompletionStage<?> stage
                ? stage.toCompletableFuture().orTimeout(time.toNanos(), TimeUnit.NANOSECONDS)
                : Flux.from((Publisher<?>) result).timeout(time).singleOrEmpty().toFuture();
    }

    static class FutureJob {

        @DistributedLock(name = "job", key = "#id")
        public CompletableFuture<String> run(String id, CompletableFuture<String> work) {
            return work;
        }

        @DistributedLock(name = "job", key = "#id", waitTime = "0s", onContention = OnContention.SKIP)
        public CompletableFuture<String> runOrSkip(String id, CompletableFuture<String> work) {
            return work;
        }
    }

    static class StageJob {

        @DistributedLock(name = "job", key = "#id")
        public CompletionStage<String> run(String id, CompletableFuture<String> work) {
            return work;
        }

        @DistributedLock(name = "job", key = "#id", waitTime = "0s", onContention = OnContention.SKIP)
        public CompletionStage<String> runOrSkip(String id, CompletableFuture<String> work) {
            return work;
        }
    }

    static class MonoJob {

        @DistributedLock(name = "job", key = "#id")
        public Mono<String> run(String id, CompletableFuture<String> work) {
            return Mono.fromFuture(work);
        }

        @DistributedLock(name = "job", key = "#id", waitTime = "0s", onContention = OnContention.SKIP)
        public Mono<String> runOrSkip(String id, CompletableFuture<String> work) {
            return Mono.fromFuture(work);
        }
    }

    static class FluxJob {

        @DistributedLock(name = "job", key = "#id")
        public Flux<String> run(String id, CompletableFuture<String> work) {
            return Mono.fromFuture(work).flux();
        }

        @DistributedLock(name = "job", key = "#id", waitTime = "0s", onContention = OnContention.SKIP)
        public Flux<String> runOrSkip(String id, CompletableFuture<String> work) {
            return Mono.fromFuture(work).flux();
        }
    }

    static class PublisherJob {

        @DistributedLock(name = "job", key = "#id")
        public Flow.Publisher<String> run(String id, CompletableFuture<String> work) {
            return FlowAdapters.toFlowPublisher(Mono.fromFuture(work));
        }

        @DistributedLock(name = "job", key = "#id", waitTime = "0s", onContention = OnContention.SKIP)
        public Flow.Publisher<String> runOrSkip(String id, CompletableFuture<String> work) {
            return FlowAdapters.toFlowPublisher(Mono.fromFuture(work));
        }
    }
}
