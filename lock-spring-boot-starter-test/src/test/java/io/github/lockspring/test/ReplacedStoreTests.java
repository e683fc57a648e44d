package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.LockStore;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store of the test replaces whatever the application would have. */
class ReplacedStoreTests {

    @Nested
    @SpringBootTest(
            classes = Application.class,
            properties = {"distributed-lock.store=redis", "distributed-lock.servers.north.subscribe=false"})
    @AutoConfigureTestLocks
    class OfRedis {

        @Autowired
        private TestLocks locks;

        @Autowired
        private LockOperations operations;

        @Autowired
        @Qualifier("northLockTemplate") private LockOperations north;

        @Test
        void isInMemory() {
            this.operations.acquire(LockOptions.named("report")).close();
            assertThat(this.locks).wasLocked("report");
        }

        @Test
        void furtherServersAreInMemoryAndNotUnderControl() {
            this.locks.holdElsewhere("report");
            this.north.acquire(LockOptions.named("report")).close();
        }
    }

    @Nested
    @SpringBootTest(classes = {Application.class, OwnStore.class})
    @AutoConfigureTestLocks
    class OfTheApplication {

        @Autowired
        private TestLocks locks;

        @Autowired
        private Work work;

        @Test
        void isReplaced() {
            this.work.run();
            assertThat(this.locks).wasLocked("work");
            this.locks.holdElsewhere("work");
        }
    }

    @Nested
    @SpringBootTest(classes = Application.class, properties = "distributed-lock.enabled=false")
    @AutoConfigureTestLocks
    class WhereLockingIsSwitchedOff {

        @Autowired
        private TestLocks locks;

        @Autowired
        private Work work;

        @Test
        void nothingIsLocked() {
            this.work.run();
            assertThat(this.locks).wasNotLocked("work");
        }
    }

    static class Work {

        @DistributedLock("work")
        void run() {}
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Work work() {
            return new Work();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnStore {

        @Bean
        LockStore ownStore() {
            return new InMemoryLockStore();
        }
    }
}
