package io.github.lockspring.web;

import static io.github.lockspring.web.LockedRequestCase.assertStatus;

import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.TestRedis;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;
import org.springframework.util.ObjectUtils;

/** Asynchronous results of Spring MVC over Redis. */
class LockedRequestIntegrationTests extends LockedRequestContract {

    private static final String BOOT_4 = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration";

    private static final String BOOT_3 = "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration";

    @Override
    WebServer start(Map<String, Object> properties, Class<?>... components) {
        TestRedis redis = TestRedis.shared();
        Map<String, Object> all = new HashMap<>();
        all.put("distributed-lock.store", "redis");
        all.put("distributed-lock.key-prefix", TestRedis.newPrefix());
        all.put("spring.data.redis.host", redis.host());
        all.put("spring.data.redis.port", redis.port());
        all.putAll(properties);
        ClassLoader classes = getClass().getClassLoader();
        Class<?> autoConfiguration =
                ClassUtils.resolveClassName(ClassUtils.isPresent(BOOT_4, classes) ? BOOT_4 : BOOT_3, classes);
        return WebServer.start(all, ObjectUtils.addObjectToArray(components, autoConfiguration));
    }

    @Test
    void isAnsweredWithoutTheWorkWhileRedisIsNotThere() {
        try (RedisProcess redis = RedisProcess.down();
                WebServer without = server(
                        Map.of("spring.data.redis.host", redis.host(), "spring.data.redis.port", redis.port()))) {
            calls(without).forEach(call -> {
                call.start("/refused");
                assertStatus(call.response, 503);
                call.assertCalls(0);
            });
        }
    }
}
