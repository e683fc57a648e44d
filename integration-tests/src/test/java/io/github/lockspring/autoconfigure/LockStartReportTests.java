package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.redis.RedisLockStoreSettings;
import io.github.lockspring.store.LockStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What one line says at the start. */
@ExtendWith(OutputCaptureExtension.class)
class LockStartReportTests {

    @Test
    void saysServerPrefixAndNumberOfMethodsOnce(CapturedOutput output) {
        LockContextRunners.redis()
                .withPropertyValues("spring.data.redis.password=secret", "distributed-lock.key-prefix=shop:")
                .withBean(Annotated.class)
                .run(context -> assertThat(output)
                        .containsOnlyOnce(
                                "Distributed locks are kept in Redis at localhost:1 under the key prefix 'shop:'."
                                        + " Methods with @DistributedLock so far: 2")
                        .doesNotContain("secret"));
    }

    @Test
    void saysThatMemoryIsForOneProcess(CapturedOutput output) {
        LockContextRunners.memory()
                .run(context -> assertThat(output)
                        .containsOnlyOnce("Distributed locks are kept in the memory of this process. Methods")
                        .containsOnlyOnce("locks exclude the threads of this process only"));
    }

    @Test
    void warnsOfAPropertyThatComesTooLateForAStore(CapturedOutput output) {
        LockContextRunners.memory()
                .withBean(
                        RedisLockStore.class,
                        () -> new RedisLockStore(mock(RedisConnectionFactory.class), RedisLockStoreSettings.DEFAULTS))
                .run(context -> assertThat(output).containsOnlyOnce("distributed-lock.store=memory has no effect"));
    }

    @Test
    void doesNotGuessWhatAStoreOfTheApplicationDoes(CapturedOutput output) {
        LockContextRunners.plain()
                .withBean(LockStore.class, () -> mock(LockStore.class, "a table of the shop"))
                .withBean("one", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
                .withBean("other", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).contains("Distributed locks are kept by a LockStore bean: a table of the shop.");
                });
    }

    @Test
    void saysThatOperationsOfTheApplicationAreNotForAnnotatedMethods(CapturedOutput output) {
        LockContextRunners.memory()
                .withUserConfiguration(Decorated.class)
                .run(context ->
                        assertThat(output).contains("not through the LockOperations of the application [decorated]"));
    }

    @Test
    void saysWhichStoreTheEngineHas(CapturedOutput output) {
        LockContextRunners.redis()
                .withBean("distributedLockStore", LockStore.class, InMemoryLockStore::new)
                .run(context -> assertThat(output)
                        .contains("Distributed locks are kept in the memory of this process.")
                        .doesNotContain("in Redis at"));
    }

    @Test
    void saysThatLocksOfAMockedTestAreInMemory(CapturedOutput output) {
        LockContextRunners.redis()
                .withInitializer(context -> context.addBeanFactoryPostProcessor(
                        beans -> beans.registerSingleton("distributedLockTemplate", mock(LockTemplate.class))))
                .run(context -> assertThat(output)
                        .contains("Distributed locks are kept in the memory of this process.")
                        .doesNotContain("in Redis at"));
    }

    /** Nobody asks for a store where there is an engine. */
    @Test
    void twoStoresBesideAnEngineAreNoReasonToFail(CapturedOutput output) {
        LockContextRunners.plain()
                .withBean(LockEngine.class, () -> mock(LockEngine.class))
                .withBean("one", LockStore.class, InMemoryLockStore::new)
                .withBean("other", LockStore.class, InMemoryLockStore::new)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).contains("Distributed locks are kept by beans of the application.");
                });
    }

    @Test
    void saysAtDebugHowEachMethodIsLocked(CapturedOutput output) {
        withDebug(() -> LockContextRunners.memory()
                .withPropertyValues(
                        "distributed-lock.wait-time=90s",
                        "distributed-lock.max-hold-time=1h",
                        "distributed-lock.locks.full.lease-time=20s")
                .withBean(Described.class)
                .run(context -> assertThat(output)
                        .containsOnlyOnce("Locked methods so far:\n"
                                + "  " + Described.class.getName() + ".full(String): lock 'full', key #id : 'x',"
                                + " condition = \"#id != 'a'\", wait time 2s, lease time 20s without renewal,"
                                + " held for at least 5s, held for at most 10m, fair, not re-entered, fallback"
                                + " instead\n"
                                + "  " + Described.class.getName() + ".plain(): lock 'plain', wait time 1m30s, lease"
                                + " time 30s, held for at most 1h\n"
                                + "  " + Described.class.getName() + ".skipped(): lock 'skipped', wait time 0s, lease"
                                + " time 30s, held for at most 1h, skipped under contention\n")));
    }

    @Test
    void saysOnlyTheNumberOfMethodsAtInfo(CapturedOutput output) {
        LockContextRunners.memory()
                .withBean(Described.class)
                .run(context -> assertThat(output)
                        .contains("Methods with @DistributedLock so far: 3")
                        .doesNotContain("Locked methods so far"));
    }

    private static void withDebug(Runnable work) {
        LoggingSystem logging = LoggingSystem.get(LockStartReport.class.getClassLoader());
        logging.setLogLevel(LockStartReport.class.getName(), LogLevel.DEBUG);
        try {
            work.run();
        } finally {
            logging.setLogLevel(LockStartReport.class.getName(), null);
        }
    }

    @Test
    void createsNoBean(CapturedOutput output) {
        LockContextRunners.redis()
                .withPropertyValues("distributed-lock.servers.reporting.subscribe=false")
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(output)
                        .contains("kept by the bean 'distributedLockEngine', which has not been created yet;"
                                + " for server reporting by the bean 'reportingLockEngine', which has not been"));
    }

    @Test
    void doesNotCountWhatIsNotValidated(CapturedOutput output) {
        LockContextRunners.memory()
                .withPropertyValues("distributed-lock.validation=off")
                .withBean(Annotated.class)
                .withUserConfiguration(Decorated.class)
                .run(context -> assertThat(output)
                        .contains("Methods with @DistributedLock are locked by the LockEngine bean and not through")
                        .doesNotContain("so far"));
    }

    @Test
    void whatToLockWithIsCheckedWithoutValidation() {
        LockContextRunners.plain()
                .withPropertyValues("distributed-lock.validation=off")
                .withBean("one", LockOperations.class, () -> mock(LockOperations.class))
                .withBean("other", LockOperations.class, () -> mock(LockOperations.class))
                .withBean(Annotated.class)
                .run(context -> assertThat(context).getFailure().isInstanceOf(AmbiguousLockBeansException.class));
    }

    @Test
    void nothingIsCheckedWithoutAnnotatedMethods() {
        LockContextRunners.plain()
                .withPropertyValues("distributed-lock.validation=off")
                .withBean("one", LockOperations.class, () -> mock(LockOperations.class))
                .withBean("other", LockOperations.class, () -> mock(LockOperations.class))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void createsNoBeanWithoutValidation(CapturedOutput output) {
        LockContextRunners.redis()
                .withPropertyValues("distributed-lock.validation=off")
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(output).contains("'distributedLockEngine', which has not been created yet"));
    }

    @Test
    void saysWhichServer() {
        RedisClusterConfiguration cluster =
                new RedisClusterConfiguration().clusterNode("one", 1).clusterNode("two", 2);
        RedisSentinelConfiguration sentinel =
                new RedisSentinelConfiguration().master("main").sentinel("three", 3);
        RedisStaticMasterReplicaConfiguration replicated = new RedisStaticMasterReplicaConfiguration("five", 5);
        replicated.addNode("six", 6);

        assertThat(nameOf(new JedisConnectionFactory(cluster))).isEqualTo("Redis at the cluster of one:1, two:2");
        assertThat(nameOf(new LettuceConnectionFactory(cluster))).isEqualTo("Redis at the cluster of one:1, two:2");
        assertThat(nameOf(new JedisConnectionFactory(sentinel)))
                .isEqualTo("Redis at the master that is known to three:3");
        assertThat(nameOf(new LettuceConnectionFactory(sentinel)))
                .isEqualTo("Redis at the master that is known to three:3");
        assertThat(nameOf(new JedisConnectionFactory(new RedisStandaloneConfiguration("four", 4))))
                .isEqualTo("Redis at four:4");
        assertThat(nameOf(new LettuceConnectionFactory(new RedisStandaloneConfiguration("four", 4))))
                .isEqualTo("Redis at four:4");
        assertThat(nameOf(new LettuceConnectionFactory(replicated)))
                .isEqualTo("Redis at the primary among five:5, six:6");
        assertThat(nameOf(new LettuceConnectionFactory(new RedisSocketConfiguration("/run/redis.sock"))))
                .isEqualTo("Redis at the domain socket /run/redis.sock");
        assertThat(nameOf(mock(RedisConnectionFactory.class)))
                .startsWith("Redis at an address known to " + RedisConnectionFactory.class.getName());
    }

    private static String nameOf(RedisConnectionFactory factory) {
        String name = new RedisLockStore(factory, RedisLockStoreSettings.DEFAULTS).toString();
        assertThat(name).endsWith(" under the key prefix 'lock:'");
        return name.replace(" under the key prefix 'lock:'", "");
    }

    static class Described {

        @DistributedLock(
                name = "full",
                key = {"#id", "'x'"},
                condition = "#id != 'a'",
                waitTime = "2s",
                leaseTime = "1m",
                renew = "false",
                holdAtLeast = "5s",
                maxHoldTime = "10m",
                fair = true,
                reentrant = false,
                fallback = "instead")
        void full(String id) {}

        private void instead(String id) {}

        @DistributedLock("plain")
        void plain() {}

        @DistributedLock(name = "skipped", onContention = OnContention.SKIP)
        void skipped() {}
    }

    static class Annotated {

        @DistributedLock
        void one() {}

        @DistributedLock
        void two() {}

        void three() {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Decorated {

        @Bean
        LockOperations decorated(LockEngine engine, LockSettings settings) {
            return new LockTemplate(engine, settings) {};
        }
    }
}
