package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.mockito.Mockito.mock;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.store.LockStore;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Further servers have a store, an engine and a template each, which nothing gets that does not ask for them by name. */
@ExtendWith(OutputCaptureExtension.class)
class LockServersTests {

    private static final LockOptions ORDER = LockOptions.named("order");

    private final ApplicationContextRunner memory = LockContextRunners.memory()
            .withPropertyValues("distributed-lock.servers.reporting.command-timeout=3s")
            .withBean(Places.class);

    @Test
    void excludeApartFromThePrimaryOne() {
        this.memory.run(context -> {
            Places places = context.getBean(Places.class);
            try (LockLease primary = places.primary.acquire(ORDER);
                    LockLease reporting = places.reporting.tryAcquire(ORDER).orElseThrow()) {
                assertThat(primary.isHeld() && reporting.isHeld()).isTrue();
                assertThat(reporting.fencingToken()).isNotEqualTo(primary.fencingToken());
                assertThat(places.reporting.holder("order")).isPresent();
            }
            assertThat(context.getBean("reportingLockTemplate")).isSameAs(places.reporting);
            assertThat(context.getBean(LockOperations.class)).isSameAs(places.primary);
        });
    }

    @Test
    void areNoCandidatesWithoutQualifier() {
        this.memory.run(context -> {
            assertThat(context.getBean(LockEngine.class)).isSameAs(context.getBean("distributedLockEngine"));
            assertThat(context.getBean(LockStore.class)).isSameAs(context.getBean("distributedLockStore"));
            assertThat(context.getBean("reportingLockEngine")).isNotSameAs(context.getBean(LockEngine.class));
            assertThat(context.getBean("reportingLockStore")).isNotSameAs(context.getBean(LockStore.class));
        });
    }

    @Test
    void takeNoPlaceOfThePrimaryOne() {
        LockContextRunners.plain()
                .withPropertyValues("distributed-lock.servers.reporting.connection-factory=reports")
                .withBean("reports", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
                .run(context -> {
                    assertThat(context).hasBean("distributedLockTemplate").hasBean("distributedLockEngine");
                    assertThat(context).hasBean("distributedLockStore").hasBean("reportingLockStoreLifecycle");
                });
    }

    @ParameterizedTest
    @EnumSource
    void areNotForAnnotatedMethodsNotEvenAlone(ProxyKind kind) {
        AtomicInteger calls = new AtomicInteger();
        LockOperations mine = (LockOperations) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {LockOperations.class},
                (self, method, args) -> method.getName().equals("hashCode") ? 1 : calls.incrementAndGet());
        kind.in(LockContextRunners.plain())
                .withPropertyValues("distributed-lock.servers.reporting.connection-factory=reports")
                .withBean(LockOperations.class, () -> mine)
                .withBean("work", Work.class, ReportWork::new)
                .withBean(
                        "reports",
                        RedisConnectionFactory.class,
                        () -> mock(RedisConnectionFactory.class),
                        definition -> ((AbstractBeanDefinition) definition).setDefaultCandidate(false))
                .run(context -> {
                    assertThat(context).hasBean("reportingLockEngine").doesNotHaveBean("distributedLockEngine");
                    new Application(kind, context).work("work").run("1", () -> {});
                    assertThat(calls).hasValue(1);
                });
    }

    @Test
    void mayHaveAStoreOfAnotherKind() {
        LockContextRunners.sharedRedis()
                .withPropertyValues("distributed-lock.servers.reporting.command-timeout=3s")
                .withBean("reportingLockStore", LockStore.class, InMemoryLockStore::new)
                .run(context -> assertThat(context.getBean("reportingLockTemplate", LockOperations.class)
                                .<String, RuntimeException>call("report", () -> "done"))
                        .isEqualTo("done"));
    }

    @Test
    void endWithTheContext() {
        this.memory.run(context -> {
            LockOperations reporting = context.getBean(Places.class).reporting;
            LockLease lease = reporting.acquire(ORDER);
            context.close();
            assertThat(lease.isLost()).isTrue();
            lease.close();
            assertThatExceptionOfType(LockShutdownException.class).isThrownBy(() -> reporting.acquire(ORDER));
        });
    }

    @Test
    void stopInThePhaseOfThePrimaryOne() {
        this.memory.run(context -> assertThat(context.getBean("reportingLockEngineLifecycle", ClosingLifecycle.class)
                        .getPhase())
                .isEqualTo(context.getBean("distributedLockEngineLifecycle", ClosingLifecycle.class)
                        .getPhase()));
    }

    @Test
    void keepLocksInTheRedisThatIsNamed() {
        twoFactories()
                .withPropertyValues("distributed-lock.servers.reporting.connection-factory=other")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .getBean("reportingLockStore")
                        .isInstanceOf(RedisLockStore.class));
    }

    @Test
    void areToldApartWhenTheyCannotBeReached(CapturedOutput output) {
        LettuceConnectionFactory reports = new LettuceConnectionFactory("localhost", 1);
        LockContextRunners.redis()
                .withPropertyValues(
                        "distributed-lock.redis.connection-factory=redisConnectionFactory",
                        "distributed-lock.servers.reporting.subscribe=false",
                        "distributed-lock.servers.reporting.connection-factory=reports")
                .withBean(
                        "reports",
                        RedisConnectionFactory.class,
                        () -> reports,
                        definition -> ((AbstractBeanDefinition) definition).setDefaultCandidate(false))
                .run(context -> {
                    for (LockOperations each : List.of(
                            context.getBean(LockOperations.class),
                            context.getBean("reportingLockTemplate", LockOperations.class))) {
                        assertThatExceptionOfType(LockStoreException.class).isThrownBy(() -> each.acquire(ORDER));
                    }
                    Awaitility.await()
                            .untilAsserted(() -> assertThat(output.getOut().lines())
                                    .anyMatch(line -> line.contains("Locks cannot be taken: ")
                                            && line.contains("Is Redis at localhost:1 running and reachable?")
                                            && line.contains("'spring.data.redis.host'")
                                            && !line.contains("distributed-lock."))
                                    .anyMatch(line -> line.contains("Locks of server 'reporting' cannot be taken: ")
                                            && line.contains("Check the bean 'reports', which"
                                                    + " 'distributed-lock.servers.reporting.connection-factory' names")
                                            && !line.contains("spring.data.redis")));
                });
    }

    @Test
    void nameTheirOwnPropertyIfTheConnectionFactoryDoesNotExist() {
        twoFactories()
                .withPropertyValues("distributed-lock.servers.reporting.connection-factory=ohter")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .asInstanceOf(throwable(ConnectionFactoryChoiceException.class))
                        .satisfies(choice -> assertThat(choice.property())
                                .isEqualTo("distributed-lock.servers.reporting.connection-factory")));
    }

    @Test
    void areCheckedAsThePrimaryOneIs() {
        this.memory
                .withPropertyValues("distributed-lock.servers.reporting.poll-interval=3s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("distributed-lock.servers.reporting.poll-interval"));
    }

    @Test
    void mayNotHaveTheNameOfThePrimaryOne() {
        LockContextRunners.memory()
                .withPropertyValues("distributed-lock.servers.distributed.subscribe=false")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("distributed-lock.servers.distributed"));
    }

    @Test
    void areNotMadeOfMisspeltPropertiesAlone() {
        LockContextRunners.memory()
                .withPropertyValues("distributed-lock.servers.reporting.key-prefx=a")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("reportingLockTemplate"));
    }

    /** Else they would take the place of the primary server's, which annotated methods lock on. */
    @Test
    void areNoDefaultCandidatesWhereTheApplicationDefinesThem() {
        LockTemplate mine = mock(LockTemplate.class);
        InMemoryLockStore store = new InMemoryLockStore();
        this.memory
                .withBean("reportingLockTemplate", LockTemplate.class, () -> mine)
                .withBean("reportingLockStore", InMemoryLockStore.class, () -> store)
                .run(context -> {
                    assertThat(context.getBean(Places.class).reporting).isSameAs(mine);
                    assertThat(context.getBean(LockOperations.class))
                            .isSameAs(context.getBean("distributedLockTemplate"))
                            .isNotSameAs(mine);
                    assertThat(context.getBean("distributedLockStore")).isNotSameAs(store);
                });
    }

    @Test
    void giveWayToABeanOfTheApplication() {
        LockTemplate mine = mock(LockTemplate.class);
        this.memory
                .withBean(
                        "reportingLockTemplate",
                        LockTemplate.class,
                        () -> mine,
                        definition -> definition.setPrimary(false))
                .withBean(
                        "distributedLockTemplate",
                        LockTemplate.class,
                        () -> mock(LockTemplate.class),
                        definition -> definition.setPrimary(true))
                .run(context ->
                        assertThat(context.getBean(Places.class).reporting).isSameAs(mine));
    }

    private static ApplicationContextRunner twoFactories() {
        return LockContextRunners.redis()
                .withBean(
                        "main",
                        RedisConnectionFactory.class,
                        () -> mock(RedisConnectionFactory.class),
                        definition -> definition.setPrimary(true))
                .withBean("other", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class));
    }

    static class ReportWork implements Work {

        @Override
        @DistributedLock("report")
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class Places {

        private final LockOperations primary;

        private final LockOperations reporting;

        Places(LockOperations primary, @Qualifier("reportingLockTemplate") LockOperations reporting) {
            this.primary = primary;
            this.reporting = reporting;
        }
    }
}
