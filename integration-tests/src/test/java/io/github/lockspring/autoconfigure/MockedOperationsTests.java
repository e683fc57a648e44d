package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockingDetails;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verifyNoInteractions;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.testredis.TestRedis;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** A test that mocks the operations that code uses does not switch off what is annotated. */
class MockedOperationsTests {

    abstract static class Locks {

        @Autowired
        private Counting counting;

        @Test
        void bodiesRunUnderTheirLock() {
            assertThat(this.counting.leases()).isEqualTo(1);
        }
    }

    /** What a test replaces. */
    abstract static class Mocked extends Locks {

        @MockitoBean
        private LockOperations operations;

        @Test
        void theMockIsLeftAlone() {
            assertThat(mockingDetails(this.operations).isMock()).isTrue();
            verifyNoInteractions(this.operations);
        }
    }

    @Nested
    @SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
    @TestPropertySource(properties = "distributed-lock.store=memory")
    class InMemory extends Mocked {}

    @Nested
    @SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
    @TestPropertySource(properties = {"distributed-lock.store=memory", "spring.aop.proxy-target-class=false"})
    class BehindInterfaces extends Mocked {

        @Autowired
        private Counting counting;

        @Test
        void isAProxyOfInterfaces() {
            assertThat(AopUtils.isJdkDynamicProxy(this.counting)).isTrue();
        }
    }

    @Nested
    @SpringBootTest(classes = LocksOnly.class, webEnvironment = WebEnvironment.NONE)
    class WithoutRedisConfiguration extends Mocked {}

    @Nested
    @SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
    @TestPropertySource(properties = "spring.data.redis.port=1")
    class WithoutRedisServer extends Mocked {}

    @Nested
    @SpringBootTest(classes = LocksOnly.class, webEnvironment = WebEnvironment.NONE)
    class WithMockedTemplate extends Locks {

        @MockitoBean
        private LockTemplate template;

        @Test
        void theMockIsLeftAlone() {
            verifyNoInteractions(this.template);
        }
    }

    @Nested
    @SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
    class InRedis extends Mocked {

        @Autowired
        private Counting counting;

        @Autowired
        private LockStore store;

        @DynamicPropertySource
        static void redis(DynamicPropertyRegistry properties) {
            TestRedis redis = TestRedis.shared();
            properties.add("spring.data.redis.host", redis::host);
            properties.add("spring.data.redis.port", redis::port);
            properties.add("distributed-lock.key-prefix", TestRedis::newPrefix);
            // the store that does not answer within that time is replaced by one in memory
            properties.add("distributed-lock.redis.command-timeout", () -> "60s");
        }

        @Test
        void theLockIsInRedis() {
            this.counting.during(() -> assertThat(this.store
                            .holder("during")
                            .toCompletableFuture()
                            .orTimeout(30, TimeUnit.SECONDS)
                            .join())
                    .isPresent());
        }
    }

    @ParameterizedTest
    @EnumSource
    void mockThatIsABeanOfTheApplicationIsLeftAlone(ProxyKind kind) {
        kind.in(LockContextRunners.memory())
                .withBean(LockOperations.class, () -> mock())
                .withBean("counting", Counting.class, CountingWork::new)
                .run(context -> assertThat(
                                kind.bean(context, Counting.class, "counting").leases())
                        .isEqualTo(1));
    }

    @ParameterizedTest
    @EnumSource
    void mockWithoutAnyStoreIsRefusedAtTheCall(ProxyKind kind) {
        kind.in(LockContextRunners.plain())
                .withBean(LockOperations.class, () -> mock())
                .withBean("counting", Counting.class, CountingWork::new)
                .run(context -> assertThatIllegalStateException()
                        .isThrownBy(() ->
                                kind.bean(context, Counting.class, "counting").leases())
                        .withMessageContaining("distributed-lock.store=memory"));
    }

    /** It has the name of its class. */
    @ParameterizedTest
    @EnumSource
    void mockOfAClassIsRefusedAsWell(ProxyKind kind) {
        kind.in(LockContextRunners.plain())
                .withBean(LockTemplate.class, () -> mock())
                .withBean("counting", Counting.class, CountingWork::new)
                .run(context -> assertThatIllegalStateException()
                        .isThrownBy(() ->
                                kind.bean(context, Counting.class, "counting").leases())
                        .withMessageContaining("distributed-lock.store=memory"));
    }

    @ParameterizedTest
    @EnumSource
    void spyLocks(ProxyKind kind) {
        kind.in(LockContextRunners.plain())
                .withBean(
                        LockTemplate.class,
                        () -> spy(new LockTemplate(new PassThroughLockEngine(), LockSettings.DEFAULTS)))
                .withBean("counting", Counting.class, CountingWork::new)
                .run(context -> assertThat(
                                kind.bean(context, Counting.class, "counting").leases())
                        .isEqualTo(1));
    }

    interface Counting {

        int leases();

        void during(Runnable body);
    }

    static class CountingWork implements Counting {

        @Override
        @DistributedLock("leases")
        public int leases() {
            return (int)
                    LockContext.current().filter(LockLease::isHeld).stream().count();
        }

        @Override
        @DistributedLock("during")
        public void during(Runnable body) {
            body.run();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Counting counting() {
            return new CountingWork();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DistributedLockAutoConfiguration.class,
        DistributedLockAspectAutoConfiguration.class,
        LockStoreAutoConfiguration.class
    })
    static class LocksOnly {

        @Bean
        Counting counting() {
            return new CountingWork();
        }
    }
}
