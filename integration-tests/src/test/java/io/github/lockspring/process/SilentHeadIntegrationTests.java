package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.RedisCluster;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The process that has waited longest says nothing any more: what that costs the one behind it. */
@Tag("default-line")
class SilentHeadIntegrationTests {

    /** Longer than any test waits: nothing is cured by its end. */
    private static final Duration FOREVER = Duration.ofMinutes(10);

    /** Ten times what a silent process may cost at most. */
    private static final Duration LIMIT =
            LockClient.GRANT_LEASE.plus(LockClient.POLL_INTERVAL).multipliedBy(10);

    private static final String KEY = "key";

    private static final LockOptions LOCK = LockOptions.named("work").key(KEY).leaseTime(FOREVER);

    private final String prefix = TestRedis.newPrefix();

    private final String lockKey =
            RedisState.lockKey(this.prefix, LOCK.lockName().fullName());

    @Test
    void ofAKilledProcessThereIsNothingToBeNoticedOnOneRedis() {
        TestRedis redis = TestRedis.shared();
        try (RespClient inside = redis.client();
                WorkerProcess head = start(redis.host(), redis.port());
                LockClient holder =
                        LockClient.granting(FOREVER, Driver.LETTUCE, redis.host(), redis.port(), this.prefix);
                LockClient next = connect(redis)) {
            LockLease held = holder.locks().acquire(LOCK);
            head.await(KEY);
            awaitListeners(inside, 1);
            CompletableFuture<LockLease> waiting = await(next);
            awaitListeners(inside, 2);

            head.kill();
            awaitUnsubscribed(inside, head);
            held.close();

            assertThat(waiting).succeedsWithin(LIMIT).satisfies(LockLease::close);
        }
    }

    @Test
    void aHangingProcessCostsNoMoreThanAGrantAndGetsItsTurnLater() {
        TestRedis redis = TestRedis.shared();
        try (RespClient inside = redis.client();
                WorkerProcess head = start(redis.host(), redis.port());
                LockClient holder = connect(redis);
                LockClient next = connect(redis)) {
            LockLease held = holder.locks().acquire(LOCK);
            head.await(KEY);
            awaitListeners(inside, 1);
            CompletableFuture<LockLease> waiting = await(next);
            awaitListeners(inside, 2);

            head.pause();
            held.close();
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> head.owns(inside.text("GET", this.lockKey)));
            assertThat(waiting).succeedsWithin(LIMIT);
            LockLease lease = waiting.join();
            head.resume();
            awaitListeners(inside, 1);
            assertThat(lease.isHeld()).isTrue();
            lease.close();

            assertThat(head.awaitHolding())
                    .as("the token of a new turn, not of the grant that came too late")
                    .isGreaterThan(lease.fencingToken());
            assertThat(head.finish()).isTrue();
        }
    }

    @Test
    void aKilledProcessCostsNoMoreThanAGrantInACluster() {
        try (RedisCluster cluster = RedisCluster.started()) {
            RedisProcess master = cluster.masterOf(this.lockKey);
            try (RespClient inside = master.client();
                    WorkerProcess head = start(master.host(), master.port());
                    LockClient holder = LockClient.connect(Driver.LETTUCE, cluster.addresses(), this.prefix);
                    LockClient next = LockClient.connect(Driver.LETTUCE, cluster.addresses(), this.prefix)) {
                holder.awaitReady();
                next.awaitReady();
                LockLease held = holder.locks().acquire(LOCK);
                head.await(KEY);
                awaitListeners(inside, 1);
                CompletableFuture<LockLease> waiting = await(next);
                awaitListeners(inside, 2);

                head.kill();
                held.close();

                assertThat(waiting).succeedsWithin(LIMIT).satisfies(LockLease::close);
            }
        }
    }

    private CompletableFuture<LockLease> await(LockClient client) {
        return client.locks().acquireAsync(LOCK).toCompletableFuture();
    }

    /** Waits until that many owners stand in the queue, all of them within reach of messages. */
    private void awaitListeners(RespClient inside, int owners) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .until(() -> inside.texts("HVALS", this.lockKey + ":seen").stream()
                                .filter(entry -> entry.contains(":L:"))
                                .count()
                        == owners);
    }

    private void awaitUnsubscribed(RespClient inside, WorkerProcess process) {
        Awaitility.await()
                .until(() -> inside.texts("PUBSUB", "CHANNELS", this.prefix + "grants:*").stream()
                        .noneMatch(process::owns));
    }

    private WorkerProcess start(String host, int port) {
        return WorkerProcess.start(Wiring.TEMPLATE_OVER_LETTUCE, host, port, this.prefix, FOREVER)
                .awaitReady();
    }

    private LockClient connect(TestRedis redis) {
        return LockClient.connect(Driver.LETTUCE, redis.host(), redis.port(), this.prefix)
                .awaitReady();
    }
}
