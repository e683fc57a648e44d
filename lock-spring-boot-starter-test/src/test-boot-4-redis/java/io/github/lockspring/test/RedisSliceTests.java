package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.test.orders.OrderApplication;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.redis.test.autoconfigure.DataRedisTest;
import org.springframework.test.context.ContextConfiguration;

/** A slice of Redis, without a Redis. */
@DataRedisTest
@ContextConfiguration(classes = OrderApplication.class)
@AutoConfigureTestLocks
class RedisSliceTests {

    @Autowired
    private LockOperations operations;

    @Autowired
    private TestLocks locks;

    @Test
    void locksAreInMemory() {
        this.operations.acquire(LockOptions.named("report")).close();
        assertThat(this.locks).wasReleased("report");
    }
}
