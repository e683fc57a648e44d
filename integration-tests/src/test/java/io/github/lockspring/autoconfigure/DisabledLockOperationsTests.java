package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.store.LockStore;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** With locking switched off there is still something to inject, which lets everybody pass. */
class DisabledLockOperationsTests {

    private static final LockOptions ORDER = LockOptions.named("order").key(1);

    private final ApplicationContextRunner disabled =
            LockContextRunners.plain().withPropertyValues("distributed-lock.enabled=false");

    @Test
    void needNoStoreAndNoEngineOfTheirOwn() {
        this.disabled.run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(LockOperations.class)
                    .hasSingleBean(LockEngine.class);
            assertThat(context.getBean("distributedLockTemplate")).isInstanceOf(LockTemplate.class);
            assertThat(context).doesNotHaveBean(LockStore.class).doesNotHaveBean("distributedLockCallbackExecutor");
        });
    }

    @Test
    void excludeNobody() {
        this.disabled.run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            try (LockLease outer = locks.acquire(ORDER);
                    LockLease inner = locks.tryAcquire(ORDER).orElseThrow();
                    LockLease later = locks.acquireAsync(ORDER)
                            .toCompletableFuture()
                            .orTimeout(30, TimeUnit.SECONDS)
                            .join()) {
                assertThat(outer.isHeld() && inner.isHeld() && later.isHeld()).isTrue();
                assertThat(locks.holder("order", 1)).isEmpty();
                assertThat(LockContext.current()).contains(inner);
                assertThat(outer.remaining())
                        .isEqualTo(LockSettings.DEFAULTS.defaults().times().leaseTime());
                inner.close();
                assertThat(inner.isHeld() || inner.isLost()).isFalse();
                assertThat(LockContext.current()).contains(outer);
            }
            assertThat(LockContext.current().filter(LockLease::isHeld)).isEmpty();
        });
    }

    @Test
    void runWorkWithTokensThatRiseFromTheClock() {
        this.disabled.run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            long before = Instant.now().toEpochMilli() * 1000 * 2048;
            long first = locks.execute(ORDER, LockLease::fencingToken);
            long second = locks.execute(ORDER, LockLease::fencingToken);
            assertThat(first).isGreaterThanOrEqualTo(before).isLessThan(second);
        });
    }

    @Test
    void keepTheTokenWhereTheSameLockIsEnteredAgain() {
        this.disabled.run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            try (LockLease outer = locks.acquire(ORDER);
                    LockLease inner = locks.acquire(ORDER);
                    LockLease within = locks.acquireAsync(ORDER.within(outer))
                            .toCompletableFuture()
                            .join();
                    LockLease other = locks.acquire(LockOptions.named("other"))) {
                assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());
                assertThat(within.fencingToken()).isEqualTo(outer.fencingToken());
                assertThat(other.fencingToken()).isGreaterThan(outer.fencingToken());
            }
        });
    }

    @Test
    void areThereForClassesThatMayBeWoven() {
        this.disabled
                .withPropertyValues("distributed-lock.advice-mode=aspectj")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(LockOperations.class));
    }

    /** Nothing asks for the bean that lets woven calls pass. */
    @Test
    void areThereForClassesThatMayBeWovenEvenIfBeansAreLazy() {
        this.disabled
                .withPropertyValues("distributed-lock.advice-mode=aspectj")
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(context.getBeanFactory().containsSingleton("distributedLockWovenAspect"))
                        .isTrue());
    }

    @Test
    void needNoAspectJ() {
        this.disabled
                .withPropertyValues("distributed-lock.advice-mode=aspectj")
                .withClassLoader(new FilteredClassLoader("org.aspectj"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("distributedLockWovenAspect"));
    }

    @Test
    void leaveOperationsOfTheApplicationAlone() {
        this.disabled
                .withBean("mine", LockOperations.class, () -> new LockTemplate(null, LockSettings.DEFAULTS))
                .run(context -> assertThat(context).hasSingleBean(LockOperations.class));
    }

    @Test
    void areThereForEveryServer() {
        this.disabled
                .withPropertyValues("distributed-lock.servers.reporting.connection-factory=reports")
                .withBean(Reports.class)
                .run(context -> assertThat(context.getBean(Reports.class).locks.execute(ORDER, LockLease::isHeld))
                        .isTrue());
    }

    static class Reports {

        private final LockOperations locks;

        Reports(@Qualifier("reportingLockTemplate") LockOperations locks) {
            this.locks = locks;
        }
    }
}
