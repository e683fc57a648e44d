package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.redis.RedisLockStoreSettings;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * A context that is stopped and started again, as Spring does with one that is running when a checkpoint of its process is
 * taken and restored.
 */
class RestartedContextIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final LockOptions REPORT = LockOptions.named("report");

    private static RedisProcess redis;

    private static RespClient client;

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.started();
        client = redis.client();
    }

    @AfterAll
    static void stopRedis() {
        client.close();
        redis.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lettuce", "jedis"})
    void hasNoConnectionsAndNoThreadsOfConnectionsWhileStopped(String driver) {
        Set<Thread> before = threads();
        runner(driver).run(context -> {
            context.getBean(LockOperations.class).call("report", () -> null);
            awaitMessages(context);
            assertThat(connections()).isGreaterThan(1);
            assertThat(threads()).isNotEqualTo(before);

            context.getSourceApplicationContext().stop();

            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(connections()).as("connections").isOne();
                assertThat(before).as("threads").containsAll(threads());
            });
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"lettuce", "jedis"})
    void locksAgain(String driver) {
        runner(driver).run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            locks.call("report", () -> null);
            ConfigurableApplicationContext source = context.getSourceApplicationContext();

            source.stop();
            assertThatExceptionOfType(LockShutdownException.class).isThrownBy(() -> locks.acquire(REPORT));
            source.start();

            assertThat(locks.<String, RuntimeException>call("report", () -> "done"))
                    .isEqualTo("done");
            awaitMessages(context);
        });
    }

    /** The bean method of an application may declare the interface only. */
    @ParameterizedTest
    @ValueSource(strings = {"lettuce", "jedis"})
    void locksAgainInAStoreOfTheApplication(String driver) {
        runner(driver).withUserConfiguration(OwnStore.class).run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            locks.call("report", () -> null);
            ConfigurableApplicationContext source = context.getSourceApplicationContext();

            source.stop();
            source.start();

            assertThat(locks.<String, RuntimeException>call("report", () -> "done"))
                    .isEqualTo("done");
        });
    }

    /** The parent does not have the auto-configuration, so that only engines begin and end. */
    @ParameterizedTest
    @ValueSource(strings = {"lettuce", "jedis"})
    void locksAgainInTheStoreOfAParent(String driver) {
        runner(driver).run(outer -> {
            try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext()) {
                parent.registerBean(
                        "parentStore",
                        LockStore.class,
                        () -> new OwnStore().ownStore(outer.getBean(RedisConnectionFactory.class)));
                parent.refresh();
                for (int child = 0; child < 2; child++) {
                    LockContextRunners.plain().withParent(parent).run(context -> {
                        LockOperations locks = context.getBean(LockOperations.class);
                        locks.call("report", () -> null);
                        ConfigurableApplicationContext source = context.getSourceApplicationContext();
                        source.stop();
                        source.start();
                        awaitMessages(context);
                        assertThat(locks.<String, RuntimeException>call("report", () -> "done"))
                                .isEqualTo("done");
                    });
                }
            }
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnStore {

        @Bean
        LockStore ownStore(RedisConnectionFactory factory) {
            return new RedisLockStore(factory, RedisLockStoreSettings.DEFAULTS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lettuce", "jedis"})
    void hasOwnersThatNoCopyHas(String driver) {
        runner(driver).run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            String before = client(locks);
            ConfigurableApplicationContext source = context.getSourceApplicationContext();
            source.stop();
            source.start();
            assertThat(client(locks)).isNotEqualTo(before);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"lettuce", "jedis"})
    void hasLostWhatItHeld(String driver) {
        runner(driver).withPropertyValues("distributed-lock.lease-time=1s").run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            ConfigurableApplicationContext source = context.getSourceApplicationContext();
            try (LockLease before = locks.acquire(REPORT)) {
                source.stop();
                assertThat(before.isLost()).isTrue();
                source.start();
                assertThat(before.isLost()).isTrue();

                try (LockLease next = locks.acquire(REPORT.waitTime(PATIENCE))) {
                    assertThat(next.isHeld()).isTrue();
                    assertThat(next.fencingToken())
                            .as("not an inner lease of the one that is lost")
                            .isGreaterThan(before.fencingToken());
                    before.close();
                    assertThat(next.isHeld()).isTrue();
                    assertThat(locks.holder("report")).isPresent();
                }
            }
            assertThat(locks.holder("report")).isEmpty();
        });
    }

    /** A checkpoint may be taken at the end of the refresh, before anything is started. */
    @ParameterizedTest
    @ValueSource(strings = {"lettuce", "jedis"})
    void doesNotConnectBeforeItIsStarted(String driver) {
        Set<Thread> before = threads();
        List<Set<Thread>> refreshed = new CopyOnWriteArrayList<>();
        runner(driver)
                .withPropertyValues("distributed-lock.servers.reporting.command-timeout=3s")
                .withBean("first", SmartLifecycle.class, () -> new Starting(() -> refreshed.add(threads())))
                .run(context -> {
                    assertThat(refreshed)
                            .singleElement()
                            .satisfies(then -> assertThat(before).containsAll(then));
                    awaitMessages(context);
                    Awaitility.await()
                            .atMost(PATIENCE)
                            .until(() -> context.getBean("reportingLockEngine", LockEngine.class)
                                    .status()
                                    .listening());
                });
    }

    private static ApplicationContextRunner runner(String driver) {
        return LockContextRunners.redisAt(redis.host(), redis.port(), TestRedis.newPrefix())
                .withPropertyValues("spring.data.redis.client-type=" + driver);
    }

    private static void awaitMessages(ApplicationContext context) {
        LockEngine engine = context.getBean(LockEngine.class);
        Awaitility.await().atMost(PATIENCE).until(() -> engine.status().listening());
    }

    /** Those of the server, one of which is that of this test. */
    private static int connections() {
        return List.of(String.valueOf(client.text("CLIENT", "LIST")).split("\n"))
                .size();
    }

    /** Those that have connections of locks. */
    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().startsWith(DaemonThreads.PREFIX + "redis-"));
        return threads;
    }

    /** What the owners of a process have in common. */
    private static String client(LockOperations locks) {
        try (LockLease lease = locks.acquire(REPORT)) {
            assertThat(lease.isHeld()).isTrue();
            String owner = locks.holder("report").map(LockHolder::owner).orElseThrow();
            return owner.substring(0, owner.lastIndexOf(':'));
        }
    }

    /** Looks around before anything else is started. */
    private static final class Starting implements SmartLifecycle {

        private final Runnable look;

        private boolean running;

        Starting(Runnable look) {
            this.look = look;
        }

        @Override
        public void start() {
            this.look.run();
            this.running = true;
        }

        @Override
        public void stop() {
            this.running = false;
        }

        @Override
        public boolean isRunning() {
            return this.running;
        }

        @Override
        public int getPhase() {
            return Integer.MIN_VALUE;
        }
    }
}
