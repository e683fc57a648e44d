package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "Virtual threads exist from JDK 21 on")
class VirtualThreadsIntegrationTests {

    private static final int THREADS = 100_000;

    private static final int LOCKS = 100;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestRedis redis = TestRedis.shared();

    private final String prefix = TestRedis.newPrefix();

    /** Each changes without any protection but its lock's. */
    private final int[] visits = new int[LOCKS];

    private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();

    @Test
    void aHundredThousandWaitForAHundredLocksAndAllGetThem() throws ReflectiveOperationException {
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        try (LockClient first = connect();
                LockClient second = connect();
                RespClient inside = this.redis.client()) {
            List<LockLease> held = IntStream.range(0, LOCKS)
                    .mapToObj(lock -> first.locks().acquireAsync(options(lock)))
                    .map(asked -> asked.toCompletableFuture().join())
                    .toList();
            List<Thread> threads = new ArrayList<>(THREADS);
            for (int i = 0; i < THREADS; i++) {
                int lock = i % LOCKS;
                LockClient client = i / LOCKS % 2 == 0 ? first : second;
                threads.add((Thread) start.invoke(null, (Runnable) () -> visit(client, lock)));
            }
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> threads.stream().allMatch(VirtualThreadsIntegrationTests::waits));
            assertThat(this.visits).containsOnly(0);

            held.forEach(LockLease::close);

            Awaitility.await().atMost(PATIENCE).until(() -> threads.stream().noneMatch(Thread::isAlive));
            assertThat(this.surprises).isEmpty();
            assertThat(this.visits).containsOnly(THREADS / LOCKS);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(new RedisState(inside, this.prefix).lockKeys())
                            .isEmpty());
        }
    }

    private LockClient connect() {
        return LockClient.connect(Driver.LETTUCE, this.redis.host(), this.redis.port(), this.prefix)
                .awaitReady();
    }

    private static LockOptions options(int lock) {
        return LockOptions.named("virtual").key(lock).waitForever();
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    private void visit(LockClient client, int lock) {
        try (LockLease lease = client.locks().acquire(options(lock))) {
            assertThat(lease.isHeld()).isTrue();
            this.visits[lock]++;
        } catch (Throwable ex) {
            this.surprises.add(ex);
        }
    }
}
