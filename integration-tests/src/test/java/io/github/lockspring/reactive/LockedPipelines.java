package io.github.lockspring.reactive;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.autoconfigure.LockContextRunners;
import io.github.lockspring.testredis.ParentJvm;
import io.github.lockspring.transaction.NoDatabase;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A JVM that runs pipelines under locks on threads that must not be blocked, and reports each call that blocks one. */
final class LockedPipelines {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration MOMENT = Duration.ofMillis(1);

    private static final LockOptions ORDER = LockOptions.named("order").waitTime(PATIENCE);

    private static final LockOptions BRIEF = LockOptions.named("brief")
            .waitTime(PATIENCE)
            .leaseTime(Duration.ofSeconds(1))
            .renew(false);

    /** Where each call was made, by its text. */
    private static final Map<String, Boolean> BLOCKING = new ConcurrentHashMap<>();

    private LockedPipelines() {}

    public static void main(String[] args) {
        ParentJvm parent = ParentJvm.connect();
        BlockHound.builder()
                .loadIntegrations()
                // mutexes that are held for moments, never while something is waited for: of a local queue, and of the
                // JDK's timer queue; what runs while they are held is not let off
                .allowBlockingCallsInside("io.github.lockspring.engine.QueueGuard", "lock")
                .allowBlockingCallsInside("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "remove")
                .allowBlockingCallsInside("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "offer")
                .blockingMethodCallback(method -> BLOCKING.put(
                        method + " on " + Thread.currentThread().getName() + ": "
                                + Arrays.stream(Thread.currentThread().getStackTrace())
                                        .skip(2)
                                        .limit(40)
                                        .map(StackTraceElement::toString)
                                        .collect(Collectors.joining(" < ")),
                        true))
                .install();
        ApplicationContextRunner application = LockContextRunners.redisAt(args[0], Integer.parseInt(args[1]), args[2])
                .withPropertyValues("distributed-lock.task-executor=pipelineThreads")
                .withBean(Orders.class)
                .withBean(NoDatabase.class)
                // the strictest choice: nothing runs where it may block
                .withBean("pipelineThreads", Executor.class, () -> Schedulers.parallel()::schedule);
        application.run(first -> application.run(second -> {
            run(first, second);
            parent.say("blocking " + (BLOCKING.isEmpty() ? "none" : String.join(" | ", BLOCKING.keySet())));
            locks(first)
                    .withLock(ORDER, Mono.fromCallable(LockedPipelines::block))
                    .block(PATIENCE);
            parent.say("blocking " + String.join(" | ", BLOCKING.keySet()));
        }));
    }

    /** What must be found: a call that blocks, on purpose. */
    private static boolean block() throws InterruptedException {
        Thread.sleep(1);
        return true;
    }

    private static void run(ApplicationContext first, ApplicationContext second) {
        Orders orders = first.getBean(Orders.class);
        TransactionalOperator transaction = TransactionalOperator.create(first.getBean(NoDatabase.class));
        Flux<?> everything = Flux.concat(
                contended(first, second),
                Flux.range(0, 20).flatMap(i -> orders.one().thenMany(orders.many())),
                cancelled(first, second),
                locks(first).holder(ORDER).repeat(5),
                inTransactions(first, transaction),
                lost(first));
        for (Scheduler scheduler : new Scheduler[] {Schedulers.parallel(), Schedulers.single()}) {
            everything.subscribeOn(scheduler).blockLast(PATIENCE);
        }
        // and on a thread of the driver
        first.getBean(ReactiveRedisConnectionFactory.class)
                .getReactiveConnection()
                .ping()
                .thenMany(everything)
                .blockLast(PATIENCE);
    }

    private static ReactiveLockOperations locks(ApplicationContext application) {
        return application.getBean(ReactiveLockOperations.class);
    }

    /** In the process, and between two that hand the lock over. */
    private static Flux<?> contended(ApplicationContext first, ApplicationContext second) {
        return Flux.range(0, 60)
                .flatMap(i -> locks(i % 2 == 0 ? first : second)
                        .usingLock(
                                ORDER,
                                lease -> Mono.delay(MOMENT)
                                        .then(locks(i % 2 == 0 ? first : second)
                                                .withLock(ORDER.within(lease), Mono.just(LockContext.current())))));
    }

    /** While they wait, and while they run. */
    private static Flux<?> cancelled(ApplicationContext first, ApplicationContext second) {
        return Flux.range(0, 20)
                .flatMap(i -> locks(i % 2 == 0 ? first : second)
                        .withLockMany(ORDER, Flux.never())
                        .timeout(Duration.ofMillis(5), Flux.empty()));
    }

    private static Flux<?> lost(ApplicationContext application) {
        return locks(application)
                .withLock(BRIEF, Mono.never())
                .onErrorResume(LeaseLostException.class, lost -> Mono.empty())
                .flux();
    }

    private static Flux<?> inTransactions(ApplicationContext application, TransactionalOperator transaction) {
        ReactiveLockOperations locks = locks(application);
        Mono<Long> work = locks.withLock(ORDER, Mono.delay(MOMENT));
        // little is left of the second lease at the commit
        Mono<Long> brief = locks.withLock(BRIEF, Mono.delay(Duration.ofMillis(750)));
        return Flux.range(0, 20)
                .flatMap(i -> transaction.transactional(Flux.concat(work, work)))
                .concatWith(
                        transaction.transactional(brief).onErrorResume(LeaseLostException.class, lost -> Mono.empty()))
                .concatWith(locks.withLock(ORDER, transaction.transactional(work)))
                .concatWith(transaction
                        .transactional(work.then(Mono.<Long>never()))
                        .timeout(Duration.ofMillis(20), Mono.empty()));
    }

    static class Orders {

        @DistributedLock(name = "order", waitTime = "1m")
        Mono<Long> one() {
            return Mono.delay(MOMENT);
        }

        @DistributedLock(name = "order", waitTime = "1m")
        Flux<Long> many() {
            return Flux.interval(MOMENT).take(2);
        }
    }
}
