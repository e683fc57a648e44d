package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.mockito.Mockito.mock;

import io.github.lockspring.LockOperations;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.store.LockStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

@ExtendWith(OutputCaptureExtension.class)
class LockStoreAutoConfigurationTests {

    private final ApplicationContextRunner redis = LockContextRunners.redis();

    @Test
    void keepsLocksInTheRedisOfTheApplicationWithoutConnectingAtStart() {
        this.redis.run(context -> assertThat(context)
                .hasSingleBean(LockStore.class)
                .hasSingleBean(RedisLockStore.class)
                .hasSingleBean(LettuceConnectionFactory.class));
    }

    @Test
    void keepsLocksInMemoryWhenAskedTo() {
        this.redis
                .withPropertyValues("distributed-lock.store=memory")
                .run(context ->
                        assertThat(context).hasSingleBean(LockStore.class).hasSingleBean(InMemoryLockStore.class));
    }

    @Test
    void neverFallsBackToMemory() {
        LockContextRunners.plain()
                .withPropertyValues("distributed-lock.store=redis")
                .run(context -> assertThat(context).getFailure().hasRootCauseInstanceOf(NoLockStoreException.class));
    }

    @Test
    void usesTheStoreOfTheApplicationInstead() {
        this.redis
                .withBean(LockStore.class, InMemoryLockStore::new)
                .run(context ->
                        assertThat(context).hasSingleBean(LockStore.class).doesNotHaveBean(RedisLockStore.class));
    }

    @Test
    void worksWithoutLettuce() {
        this.redis
                .withClassLoader(new FilteredClassLoader("io.lettuce"))
                .run(context -> assertThat(context)
                        .hasSingleBean(RedisLockStore.class)
                        .hasSingleBean(JedisConnectionFactory.class));
    }

    @Test
    void worksWithoutJedis() {
        this.redis
                .withClassLoader(new FilteredClassLoader("redis.clients"))
                .run(context -> assertThat(context)
                        .hasSingleBean(RedisLockStore.class)
                        .hasSingleBean(LettuceConnectionFactory.class));
    }

    @Test
    void failsWithoutSpringDataRedis() {
        this.redis
                .withClassLoader(new FilteredClassLoader("org.springframework.data.redis"))
                .run(context -> assertThat(context).getFailure().hasRootCauseInstanceOf(NoLockStoreException.class));
    }

    @Test
    void keepsLocksInMemoryWithoutSpringDataRedis() {
        LockContextRunners.memory()
                .withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce"))
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(InMemoryLockStore.class);
                    context.getBean(LockOperations.class).call("report", () -> null);
                });
    }

    @Test
    void usesThePrimaryConnectionFactory() {
        twoFactories()
                .withBean(
                        "main",
                        RedisConnectionFactory.class,
                        () -> mock(RedisConnectionFactory.class),
                        definition -> definition.setPrimary(true))
                .run(context -> assertThat(context).hasSingleBean(RedisLockStore.class));
    }

    @Test
    void failsRatherThanGuessAmongConnectionFactories() {
        twoFactories()
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .asInstanceOf(throwable(ConnectionFactoryChoiceException.class))
                        .satisfies(choice -> assertThat(choice.candidates()).containsExactly("cache", "locks")));
    }

    @Test
    void usesTheConnectionFactoryThatIsNamed() {
        twoFactories()
                .withPropertyValues("distributed-lock.redis.connection-factory=locks")
                .run(context -> assertThat(context).hasSingleBean(RedisLockStore.class));
    }

    @Test
    void failsIfTheNamedConnectionFactoryDoesNotExist() {
        this.redis
                .withBean("lokcs", String.class, () -> "no connection factory")
                .withPropertyValues("distributed-lock.redis.connection-factory=lokcs")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .asInstanceOf(throwable(ConnectionFactoryChoiceException.class))
                        .satisfies(choice -> assertThat(choice.wanted()).isEqualTo("lokcs"))
                        .satisfies(
                                choice -> assertThat(choice.candidates()).containsExactly("redisConnectionFactory")));
    }

    @Test
    void warnsAboutBracesInThePrefix(CapturedOutput output) {
        this.redis
                .withPropertyValues("distributed-lock.key-prefix={shop}:lock:")
                .run(context -> assertThat(output).contains("distributed-lock.key-prefix={shop}:lock: has braces"));
    }

    private static ApplicationContextRunner twoFactories() {
        return LockContextRunners.redis()
                .withBean("cache", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
                .withBean("locks", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class));
    }
}
