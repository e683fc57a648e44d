package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockLease;
import io.github.lockspring.memory.InMemoryLockStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** As many callers as only virtual threads can be. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = VirtualThreads.REASON)
class VirtualThreadTests {

    private static final int THREADS = 100_000;

    private static final int LOCKS = 100;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ExecutorService callbacks = Executors.newCachedThreadPool();

    private final InMemoryLockStore store = new InMemoryLockStore();

    private final List<DefaultLockEngine> engines = List.of(engine(), engine());

    /** Each changes without any protection but its lock's. */
    private final long[] lastTokens = new long[LOCKS];

    private final int[] visits = new int[LOCKS];

    private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();

    private DefaultLockEngine engine() {
        return new DefaultLockEngine(
                this.store,
                new EngineSettings(
                        "virtual",
                        Duration.ofMillis(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(1),
                        ReleaseWait.ASYNC,
                        this.callbacks));
    }

    @AfterEach
    void close() {
        this.engines.forEach(DefaultLockEngine::close);
        this.store.close();
        this.callbacks.shutdownNow();
    }

    @Test
    void aHundredThousandWaitForAHundredLocksAndAllGetThem() {
        List<LockLease> held = IntStream.range(0, LOCKS)
                .mapToObj(lock -> this.engines.get(0).acquireAsync(EngineFixture.request("lock-" + lock, PATIENCE)))
                .map(asked -> asked.toCompletableFuture().join())
                .toList();
        List<Thread> threads = new ArrayList<>(THREADS);
        for (int i = 0; i < THREADS; i++) {
            int lock = i % LOCKS;
            DefaultLockEngine engine = this.engines.get(i / LOCKS % this.engines.size());
            threads.add(VirtualThreads.start(() -> visit(engine, lock)));
        }
        await().atMost(PATIENCE).until(() -> threads.stream().allMatch(VirtualThreadTests::waits));
        assertThat(this.visits).containsOnly(0);

        held.forEach(LockLease::close);

        await().atMost(PATIENCE).until(() -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(this.surprises).isEmpty();
        assertThat(this.visits).containsOnly(THREADS / LOCKS);
        await().untilAsserted(() -> assertThat(this.engines).allSatisfy(engine -> {
            assertThat(engine.queues).isEmpty();
            assertThat(engine.tenures.all()).isEmpty();
        }));
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    private void visit(DefaultLockEngine engine, int lock) {
        try (LockLease lease = engine.acquire(EngineFixture.request("lock-" + lock, LockDurations.FOREVER))) {
            assertThat(lease.fencingToken()).isGreaterThan(this.lastTokens[lock]);
            this.lastTokens[lock] = lease.fencingToken();
            this.visits[lock]++;
        } catch (Throwable ex) {
            this.surprises.add(ex);
        }
    }
}
