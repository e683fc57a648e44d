package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.core.StringRedisTemplate;

/** A further server, and what is said about both at the start. */
@ExtendWith(OutputCaptureExtension.class)
class LockServersIntegrationTests {

    @Test
    void lockUnderAPrefixOfTheirOwn(CapturedOutput output) {
        String prefix = TestRedis.newPrefix();
        TestRedis redis = TestRedis.shared();
        LockContextRunners.sharedRedis()
                .withPropertyValues("distributed-lock.servers.reporting.key-prefix=" + prefix)
                .run(context -> {
                    StringRedisTemplate keys = context.getBean(StringRedisTemplate.class);
                    LockOperations reporting = context.getBean("reportingLockTemplate", LockOperations.class);
                    LockOptions report = LockOptions.named("report").waitTime(Duration.ofMinutes(1));
                    try (LockLease lease = reporting.acquire(report)) {
                        assertThat(lease.isHeld()).isTrue();
                        assertThat(keys.hasKey(prefix + "{report}") || keys.hasKey(prefix + "report"))
                                .isTrue();
                        assertThat(context.getBean(LockOperations.class).holder("report"))
                                .isEmpty();
                    }
                    assertThat(output)
                            .contains("Distributed locks are kept in Redis at " + redis.host() + ":" + redis.port()
                                    + " under the key prefix '")
                            .contains("for server reporting in Redis at " + redis.host() + ":" + redis.port()
                                    + " under the key prefix '" + prefix + "'");
                });
    }
}
