package io.github.lockspring.web;

import io.github.lockspring.testredis.TestRedis;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;

/** Asynchronous results of Spring MVC over Redis. */
class LockedRequestIntegrationTests {

    private static final String BOOT_4 = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration";

    private static final String BOOT_3 = "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration";

    @Test
    void holdsTheLockUntilTheWorkIsDone() throws Exception {
        TestRedis redis = TestRedis.shared();
        Map<String, Object> properties = Map.of(
                "distributed-lock.store", "redis",
                "distributed-lock.key-prefix", TestRedis.newPrefix(),
                "spring.data.redis.host", redis.host(),
                "spring.data.redis.port", redis.port());
        ClassLoader classes = getClass().getClassLoader();
        Class<?> autoConfiguration =
                ClassUtils.forName(ClassUtils.isPresent(BOOT_4, classes) ? BOOT_4 : BOOT_3, classes);
        try (WebServer server = WebServer.start(
                properties,
                autoConfiguration,
                AsyncApplication.Threads.class,
                AsyncApplication.class,
                OrderController.class)) {
            LockedResultHandlingTests.assertHeld(server, "redis");
        }
    }
}
