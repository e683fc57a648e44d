package io.github.lockspring.autoconfigure;

import io.github.lockspring.testredis.TestRedis;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.ClassUtils;

/** Contexts with the auto-configurations under test, and with those they build on by the names of the line under test. */
public final class LockContextRunners {

    private static final Class<?> REDIS = eitherOf(
            "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
            "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration");

    private LockContextRunners() {}

    /** Locking alone: no Redis auto-configuration. */
    static ApplicationContextRunner plain() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DistributedLockAspectAutoConfiguration.class,
                        DistributedLockAutoConfiguration.class,
                        DistributedLockDisabledAutoConfiguration.class,
                        LockStoreAutoConfiguration.class));
    }

    public static ApplicationContextRunner memory() {
        return plain().withPropertyValues("distributed-lock.store=memory");
    }

    /** Locks in memory, with Spring Boot's auto-configuration of metrics and observations, for Prometheus. */
    public static ApplicationContextRunner monitored() {
        return memory().withConfiguration(observation())
                .withConfiguration(
                        AutoConfigurations.of(
                                metrics("MetricsAutoConfiguration"),
                                metrics("CompositeMeterRegistryAutoConfiguration"),
                                metrics("export.prometheus.PrometheusMetricsExportAutoConfiguration"),
                                eitherOf(
                                        "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
                                        "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration")));
    }

    public static AutoConfigurations observation() {
        return AutoConfigurations.of(LockObservationAutoConfiguration.class);
    }

    static Class<?> metrics(String name) {
        return eitherOf(
                "org.springframework.boot.micrometer.metrics.autoconfigure." + name,
                "org.springframework.boot.actuate.autoconfigure.metrics." + name);
    }

    /** With Spring Boot's Redis auto-configuration; nothing listens at the address unless one is set. */
    static ApplicationContextRunner redis() {
        return plain().withConfiguration(AutoConfigurations.of(REDIS))
                .withPropertyValues("spring.data.redis.port=1", "distributed-lock.redis.subscribe=false");
    }

    public static ApplicationContextRunner sharedRedis() {
        TestRedis redis = TestRedis.shared();
        return redisAt(redis.host(), redis.port(), TestRedis.newPrefix());
    }

    public static ApplicationContextRunner redisAt(String host, int port, String prefix) {
        return plain().withConfiguration(AutoConfigurations.of(REDIS))
                .withPropertyValues(
                        "spring.data.redis.host=" + host,
                        "spring.data.redis.port=" + port,
                        "distributed-lock.key-prefix=" + prefix);
    }

    static Class<?> eitherOf(String name, String otherName) {
        ClassLoader classLoader = LockContextRunners.class.getClassLoader();
        return ClassUtils.resolveClassName(ClassUtils.isPresent(name, classLoader) ? name : otherName, classLoader);
    }
}
