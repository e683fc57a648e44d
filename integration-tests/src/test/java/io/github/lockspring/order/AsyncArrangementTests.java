package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.heldElsewhere;
import static io.github.lockspring.order.OrderedContexts.journal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.autoconfigure.WovenLocking;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aop.framework.ProxyConfig;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * However asynchronous execution and the lock are arranged, the lock is held while the method runs, and is acquired once:
 * a second acquisition would wait for the first.
 */
@ExtendWith(OutputCaptureExtension.class)
class AsyncArrangementTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource
    void annotationsOfTheInterface(ProxyKind kind) {
        assertDoesNotBlock(
                runner(kind).withUserConfiguration(Asynchronous.class).withBean(JobOfInterface.class));
    }

    @ParameterizedTest
    @EnumSource
    void composedAnnotation(ProxyKind kind) {
        assertDoesNotBlock(
                runner(kind).withUserConfiguration(Asynchronous.class).withBean(ComposedJob.class));
    }

    @ParameterizedTest
    @EnumSource
    void annotationOfTheApplication(ProxyKind kind) {
        assertDoesNotBlock(
                runner(kind).withUserConfiguration(OwnAnnotation.class).withBean(BackgroundJob.class));
    }

    @ParameterizedTest
    @EnumSource
    void orderOfTheLockThatIsFirst(ProxyKind kind) {
        assertDoesNotBlock(runner(kind)
                .withUserConfiguration(Asynchronous.class)
                .withBean(ComposedJob.class)
                .withPropertyValues("distributed-lock.order=" + Ordered.HIGHEST_PRECEDENCE));
    }

    /** Asynchronous execution gets a proxy of its own, outside of the one that locks; with interfaces, it gets none. */
    @Test
    void proxiesThatAreFrozen() {
        assertLocks(runner(ProxyKind.CLASS)
                .withUserConfiguration(Asynchronous.class)
                .withBean(ComposedJob.class)
                .withBean(
                        BeanFactoryPostProcessor.class,
                        () -> beans -> ((ProxyConfig)
                                        beans.getBean("org.springframework.aop.config.internalAutoProxyCreator"))
                                .setFrozen(true)));
    }

    @Test
    void twoProxiesThatLock() {
        assertLocks(runner(ProxyKind.CLASS)
                .withUserConfiguration(Asynchronous.class)
                .withBean(ComposedJob.class)
                .withBean(DefaultAdvisorAutoProxyCreator.class, () -> {
                    DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
                    creator.setProxyTargetClass(true);
                    return creator;
                }));
    }

    /** Refused at start-up, since others than stages are not locked then. */
    @Test
    void executorInsideTheLock() {
        runner(ProxyKind.CLASS)
                .withUserConfiguration(AsynchronousFirst.class)
                .withBean(ComposedJob.class)
                .withPropertyValues("distributed-lock.validation=off")
                .run(context -> {
                    assertThat(context.getBean(Job.class).compute(() -> isFree(context) ? "free" : "held"))
                            .succeedsWithin(PATIENCE)
                            .isEqualTo("held");
                    awaitFree(context);
                });
    }

    @Test
    void wovenLock() {
        assertLocks(WovenLocking.in(AdviceKind.WOVEN.in(OrderedContexts.runner(ProxyKind.INTERFACES)))
                .withUserConfiguration(Asynchronous.class)
                .withPropertyValues("distributed-lock.wait-time=1m")
                .withBean(AdviceKind.WOVEN.type(ComposedJob.class)));
    }

    /** The lock goes to another thread than the one that has the transaction. */
    @Test
    void refusesAWovenLockInsideTheTransactionOfAFuture() {
        WovenLocking.in(AdviceKind.WOVEN.in(OrderedContexts.runner(ProxyKind.INTERFACES)))
                .withUserConfiguration(Asynchronous.class)
                .withBean(AdviceKind.WOVEN.type(TransactionalJob.class))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .asInstanceOf(throwable(InvalidLockAnnotationException.class))
                        .hasMessageContaining("TransactionalJob.compute(Supplier)")
                        .hasMessageContaining("its transaction begins on a thread of the executor of @Async"));
    }

    @ParameterizedTest
    @EnumSource
    void transactionOfTheTaskEndsUnderTheLock(ProxyKind kind) {
        runner(kind)
                .withUserConfiguration(Asynchronous.class, Transactions.class)
                .withBean(TransactionalJob.class)
                .run(context -> {
                    Job job = kind.bean(context, Job.class);
                    assertThat(job.compute(() -> note(context))).succeedsWithin(PATIENCE);
                    assertThat(journal(context)).containsExactly("begin, locked", "body, locked", "commit, locked");
                    awaitFree(context);
                });
    }

    /** Which then begins when the lock is acquired, so there is nothing to warn about. */
    @ParameterizedTest
    @EnumSource
    void transactionOfTheTaskIsOutsideOfTheAdviceOfTheLock(ProxyKind kind, CapturedOutput output) {
        runner(kind)
                .withUserConfiguration(Asynchronous.class, EarlyTransactions.class)
                .withBean(TransactionalJob.class)
                .withPropertyValues("distributed-lock.in-transaction=fail")
                .run(context -> {
                    Job job = kind.bean(context, Job.class);
                    LockLease first = heldElsewhere(context, "1");
                    CompletableFuture<String> result = job.compute(() -> note(context));
                    assertThat(job.unlocked()).succeedsWithin(PATIENCE);
                    assertThat(journal(context)).isEmpty();
                    first.close();

                    assertThat(result).succeedsWithin(PATIENCE);
                    assertThat(journal(context)).containsExactly("begin", "body, locked", "commit");
                    assertThat(output).doesNotContain("its lock is inside its transaction");
                });
    }

    /** The task runs outside of it, and does not have its lock kept until it ends. */
    @ParameterizedTest
    @EnumSource
    void transactionOfTheCaller(ProxyKind kind) {
        runner(kind)
                .withUserConfiguration(Asynchronous.class, Transactions.class)
                .withBean(ComposedJob.class)
                .run(context -> new TransactionTemplate(context.getBean(RecordingTransactions.class))
                        .executeWithoutResult(status -> {
                            assertLocksStages(context, "locked on single-1");
                            assertThat(journal(context)).containsExactly("begin");
                        }));
    }

    private static String note(ApplicationContext context) {
        context.getBean(Journal.class).add("body");
        return "done";
    }

    private static void assertDoesNotBlock(ApplicationContextRunner runner) {
        runner.run(context -> {
            Job job = context.getBean(Job.class);
            CompletableFuture<String> body = new CompletableFuture<>();
            LockLease first = heldElsewhere(context, "1");
            job.run(() -> body.complete(whereAmI()));
            CompletableFuture<String> result = job.compute(AsyncArrangementTests::whereAmI);
            assertThat(job.unlocked()).succeedsWithin(PATIENCE);
            first.close();

            assertThat(body).succeedsWithin(PATIENCE).isEqualTo("locked on single-1");
            assertThat(result).succeedsWithin(PATIENCE).isEqualTo("locked on single-1");
            awaitFree(context);
        });
    }

    private static void assertLocks(ApplicationContextRunner runner) {
        runner.run(context -> {
            assertThat(context).hasNotFailed();
            CompletableFuture<String> body = new CompletableFuture<>();
            context.getBean(Job.class).run(() -> body.complete(whereAmI()));
            assertThat(body).succeedsWithin(PATIENCE).isEqualTo("locked on single-1");
            awaitFree(context);
            assertLocksStages(context, "locked on ");
        });
    }

    private static void assertLocksStages(ApplicationContext context, String where) {
        Job job = context.getBean(Job.class);
        assertThat(job.compute(AsyncArrangementTests::whereAmI))
                .succeedsWithin(PATIENCE)
                .asString()
                .startsWith(where);
        awaitFree(context);
    }

    private static void awaitFree(ApplicationContext context) {
        Awaitility.await().atMost(PATIENCE).until(() -> isFree(context));
    }

    private static boolean isFree(ApplicationContext context) {
        return context.getBean(LockOperations.class)
                .holder(LockOptions.named("order").key("1"))
                .isEmpty();
    }

    private static String whereAmI() {
        return (LockContext.current().filter(LockLease::isHeld).isPresent() ? "locked on " : "unlocked on ")
                + Thread.currentThread().getName();
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        return OrderedContexts.runner(kind).withPropertyValues("distributed-lock.wait-time=1m");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Asynchronous extends Execution {}

    @Configuration(proxyBeanMethods = false)
    @EnableAsync(annotation = Background.class)
    static class OwnAnnotation extends Execution {}

    @Configuration(proxyBeanMethods = false)
    @EnableAsync(order = Ordered.HIGHEST_PRECEDENCE, proxyTargetClass = true)
    static class AsynchronousFirst extends Execution {}

    static class Execution {

        @Bean
        ThreadPoolTaskExecutor taskExecutor() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setThreadNamePrefix("single-");
            executor.setCorePoolSize(1);
            return executor;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Transactions extends TransactionManagement {}

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(order = 10)
    static class EarlyTransactions extends TransactionManagement {}

    static class TransactionManagement {

        @Bean
        RecordingTransactions transactions(Journal journal) {
            return new RecordingTransactions(journal);
        }
    }

    /** Public, for woven classes. */
    public interface Job {

        void run(Runnable body);

        CompletableFuture<String> compute(Supplier<String> body);

        Future<String> unlocked();
    }

    interface AsyncJob extends Job {

        @Override
        @Async
        @DistributedLock(name = "order", key = "'1'")
        void run(Runnable body);

        @Override
        @Async
        @DistributedLock(name = "order", key = "'1'")
        CompletableFuture<String> compute(Supplier<String> body);

        @Override
        @Async
        Future<String> unlocked();
    }

    static class JobOfInterface implements AsyncJob {

        @Override
        public void run(Runnable body) {
            body.run();
        }

        @Override
        public CompletableFuture<String> compute(Supplier<String> body) {
            return CompletableFuture.completedFuture(body.get());
        }

        @Override
        public Future<String> unlocked() {
            return CompletableFuture.completedFuture("unlocked");
        }
    }

    @Async
    @DistributedLock(name = "order", key = "'1'")
    @Retention(RetentionPolicy.RUNTIME)
    public @interface LockedInBackground {}

    public static class ComposedJob implements Job {

        @Override
        @LockedInBackground
        public void run(Runnable body) {
            body.run();
        }

        @Override
        @LockedInBackground
        public CompletableFuture<String> compute(Supplier<String> body) {
            return CompletableFuture.completedFuture(body.get());
        }

        @Override
        @Async
        public Future<String> unlocked() {
            return CompletableFuture.completedFuture("unlocked");
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Background {}

    @Background
    static class BackgroundJob implements Job {

        @Override
        @DistributedLock(name = "order", key = "'1'")
        public void run(Runnable body) {
            body.run();
        }

        @Override
        @DistributedLock(name = "order", key = "'1'")
        public CompletableFuture<String> compute(Supplier<String> body) {
            return CompletableFuture.completedFuture(body.get());
        }

        @Override
        public Future<String> unlocked() {
            return CompletableFuture.completedFuture("unlocked");
        }
    }

    public static class TransactionalJob implements Job {

        @Override
        @LockedInBackground
        public void run(Runnable body) {
            body.run();
        }

        @Override
        @Transactional
        @LockedInBackground
        public CompletableFuture<String> compute(Supplier<String> body) {
            return CompletableFuture.completedFuture(body.get());
        }

        @Override
        @Async
        public Future<String> unlocked() {
            return CompletableFuture.completedFuture("unlocked");
        }
    }
}
