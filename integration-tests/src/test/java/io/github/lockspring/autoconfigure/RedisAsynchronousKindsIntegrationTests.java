package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.testredis.RedisProcess;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RedisAsynchronousKindsIntegrationTests extends AsynchronousKindsContract {

    @Override
    ApplicationContextRunner runner() {
        return LockContextRunners.sharedRedis();
    }

    @Test
    void failsWithoutTheWorkWhileRedisIsNotThere() {
        try (RedisProcess redis = RedisProcess.down()) {
            run(
                    context -> calls(context).forEach(call -> {
                        call.start();
                        assertThat(call.failure()).as(call.name()).isInstanceOf(LockStoreException.class);
                        assertThat(call.work.getNumberOfDependents())
                                .as(call.name())
                                .isZero();
                    }),
                    "spring.data.redis.host=" + redis.host(),
                    "spring.data.redis.port=" + redis.port(),
                    "distributed-lock.wait-time=0s");
        }
    }
}
