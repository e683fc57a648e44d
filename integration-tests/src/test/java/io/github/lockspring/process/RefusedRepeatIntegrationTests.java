package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.FaultProxy;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A command is executed, its answer is lost with the connection, and the server, which has no replica any more, refuses
 * what comes over the next one: the refusal says nothing about the first. Lettuce repeats commands, Jedis does not.
 */
@Tag("outer-lines")
class RefusedRepeatIntegrationTests {

    private static final String PREFIX = "lock:";

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final LockOptions LOCK = LockOptions.named("repeated");

    /** In flight before the lock that is looked at: a driver that repeats commands fails the first one and repeats the others. */
    private static final LockOptions BEFORE = LockOptions.named("before").waitTime(Duration.ofMillis(1500));

    private final RedisProcess redis = RedisProcess.started();

    private final RespClient inside = this.redis.client();

    private final FaultProxy proxy = FaultProxy.to(this.redis.host(), this.redis.port());

    private final String lockKey = RedisState.lockKey(PREFIX, "repeated");

    @AfterEach
    void stop() {
        this.proxy.close();
        this.inside.close();
        this.redis.close();
    }

    @Test
    void leavesNoLockThatNobodyHas() {
        try (LockClient client = connect(this.proxy.port());
                LockClient other = connect(this.redis.port())) {
            this.proxy.dropReplies();
            CompletableFuture<LockLease> before = ask(client, BEFORE);
            CompletableFuture<LockLease> asked =
                    ask(client, LOCK.waitTime(Duration.ofMillis(1500)).leaseTime(Duration.ofHours(1)));
            Awaitility.await().until(() -> this.inside.number("EXISTS", this.lockKey) == 1);

            healWithoutReplica();

            assertThat(before.handle((lease, failure) -> true)).succeedsWithin(PATIENCE);
            assertThat(asked.thenAccept(LockLease::close).handle((nothing, failure) -> true))
                    .succeedsWithin(PATIENCE);
            assertThat(ask(other, LOCK.waitTime(PATIENCE)))
                    .succeedsWithin(PATIENCE)
                    .satisfies(LockLease::close);
        }
    }

    /** The first hold leaves a long lease, and the renewals for the second are lost. */
    @Test
    void leavesNoTwoHolds() {
        try (LockClient client = connect(this.proxy.port());
                LockClient other = connect(this.redis.port())) {
            CompletableFuture<LockLease> first = ask(client, LOCK.leaseTime(Duration.ofMinutes(1)));
            CompletableFuture<LockLease> second = ask(client, LOCK.leaseTime(Duration.ofSeconds(1)));
            first.thenAccept(LockLease::close);
            assertThat(second).succeedsWithin(PATIENCE);
            LockLease held = second.join();
            CompletableFuture<LockLease> asked = ask(other, LOCK.waitTime(Duration.ofMinutes(1)));

            this.proxy.dropReplies();
            CompletableFuture<LockLease> before = ask(client, BEFORE);
            Awaitility.await().pollDelay(Duration.ofMillis(900)).until(() -> true);
            healWithoutReplica();

            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .until(() -> !(asked.isDone() && held.isHeld()));
            assertThat(before.handle((lease, failure) -> true)).succeedsWithin(PATIENCE);
            held.close();
            assertThat(asked).succeedsWithin(PATIENCE).satisfies(lease -> {
                assertThat(lease.fencingToken()).isGreaterThan(held.fencingToken());
                lease.close();
            });
        }
    }

    private LockClient connect(int port) {
        return LockClient.connect(Driver.LETTUCE, this.redis.host(), port, PREFIX, COMMAND_TIMEOUT)
                .awaitReady();
    }

    private static CompletableFuture<LockLease> ask(LockClient client, LockOptions lock) {
        return client.locks().acquireAsync(lock).toCompletableFuture();
    }

    /** Lets commands through again, and has the server refuse what the first of them writes. */
    private void healWithoutReplica() {
        this.inside.command("CONFIG", "SET", "min-replicas-to-write", "1");
        long scripts = RedisState.scripts(this.inside);
        this.proxy.heal();
        Awaitility.await().atMost(PATIENCE).until(() -> RedisState.scripts(this.inside) > scripts);
        this.inside.command("CONFIG", "SET", "min-replicas-to-write", "0");
    }
}
