package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.RedisCluster;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("default-line")
class HostileKeysIntegrationTests {

    private static final String PREFIX = "shop:lock:";

    private static final String LONG = "x".repeat(10_240);

    private static final List<LockOptions> LOCKS = List.of(
            LockOptions.named("a").key("b:c"),
            LockOptions.named("a:b").key("c"),
            LockOptions.named("a").key("b", "c"),
            LockOptions.named("a").key("b%3Ac"),
            LockOptions.named("a:b:c"),
            LockOptions.named("key").key("{"),
            LockOptions.named("key").key("}"),
            LockOptions.named("key").key("{}"),
            LockOptions.named("key").key("}{"),
            LockOptions.named("key").key("{same}1"),
            LockOptions.named("key").key("{same}2"),
            LockOptions.named("{key}").key("1"),
            LockOptions.named("key").key("line\nbreak"),
            LockOptions.named("key").key("line\r\nbreak"),
            LockOptions.named("key").key("line\\nbreak"),
            LockOptions.named("key").key("nul\0"),
            LockOptions.named("key").key("nul"),
            LockOptions.named("key").key("\ud83d\udd12"),
            LockOptions.named("key").key("\ud83d\udd13"),
            LockOptions.named("key").key("\ud83d"),
            LockOptions.named("key").key("*"),
            LockOptions.named("key").key("queue"),
            LockOptions.named("key").key("x:queue"),
            LockOptions.named("key").key("x"),
            LockOptions.named("fence").key("x"),
            LockOptions.named("grants").key("x"),
            LockOptions.named("key").key(LONG),
            LockOptions.named("key").key(LONG + "1"),
            LockOptions.named("key").key("\ud83d\udd12".repeat(2_560)));

    @ParameterizedTest
    @EnumSource
    void areDifferentLocksUnderThePrefix(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client();
                LockClient holder = LockClient.connect(driver, redis.host(), redis.port(), PREFIX)
                        .awaitReady();
                LockClient other = LockClient.connect(driver, redis.host(), redis.port(), PREFIX)
                        .awaitReady()) {
            List<LockLease> held = new ArrayList<>();
            for (LockOptions lock : LOCKS) {
                held.add(holder.locks()
                        .tryAcquire(lock)
                        .orElseThrow(() -> new AssertionError(lock.lockName() + " is another's lock")));
            }

            assertThat(held).extracting(LockLease::fullName).doesNotHaveDuplicates();
            for (LockOptions lock : LOCKS) {
                assertThat(other.locks().tryAcquire(lock))
                        .as(lock.lockName().fullName())
                        .isEmpty();
            }
            assertThat(inside.keys("*"))
                    .hasSizeGreaterThan(LOCKS.size())
                    .allSatisfy(key -> assertThat(key).startsWith(PREFIX).hasSizeLessThan(1_000));
            assertThat(inside.texts("PUBSUB", "CHANNELS", "*"))
                    .allSatisfy(channel -> assertThat(channel).startsWith(PREFIX));
            held.forEach(LockLease::close);
            for (LockOptions lock : LOCKS) {
                other.locks().acquire(lock).close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void haveOneSlotEachInACluster(Driver driver) {
        try (RedisCluster cluster = RedisCluster.started();
                LockClient holder =
                        LockClient.connect(driver, cluster.addresses(), PREFIX).awaitReady();
                LockClient waiter =
                        LockClient.connect(driver, cluster.addresses(), PREFIX).awaitReady()) {
            Set<String> seen = keysBeside(Set.of(), cluster);
            for (LockOptions lock : LOCKS) {
                LockLease first = holder.locks().acquire(lock);
                CompletableFuture<LockLease> second = waiter.locks()
                        .acquireAsync(lock.waitTime(Duration.ofMinutes(1)))
                        .toCompletableFuture();
                Awaitility.await().until(() -> keysBeside(seen, cluster).size() >= 3);

                assertThat(keysBeside(seen, cluster))
                        .as(first.fullName())
                        .contains(RedisState.lockKey(PREFIX, first.fullName()))
                        .extracting(cluster::slotOf)
                        .containsOnly(cluster.slotOf(RedisState.lockKey(PREFIX, first.fullName())));
                first.close();
                assertThat(second).succeedsWithin(1, TimeUnit.MINUTES).satisfies(LockLease::close);
                seen.addAll(keysBeside(seen, cluster));
            }
        }
    }

    private static Set<String> keysBeside(Set<String> seen, RedisCluster cluster) {
        Set<String> keys = new HashSet<>();
        for (RedisProcess master : cluster.masters()) {
            try (RespClient inside = master.client()) {
                keys.addAll(inside.keys("*"));
            }
        }
        keys.removeAll(seen);
        return keys;
    }
}
