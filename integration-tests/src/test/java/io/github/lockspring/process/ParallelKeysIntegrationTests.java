package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("default-line")
class ParallelKeysIntegrationTests {

    private static final int THREADS = 16;

    private final TestRedis redis = TestRedis.shared();

    private final String prefix = TestRedis.newPrefix();

    @ParameterizedTest
    @EnumSource
    void areHeldByTwoProcessesAtOnce(Wiring wiring) {
        try (WorkerProcess first = start(wiring);
                WorkerProcess second = start(wiring)) {
            first.awaitReady().await("a");
            second.awaitReady().await("b");

            first.awaitHolding();
            second.awaitHolding();

            assertThat(first.finish()).isTrue();
            assertThat(second.finish()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void areHeldByManyThreadsOfOneProcessAtOnce(Driver driver) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        CyclicBarrier allHold = new CyclicBarrier(THREADS);
        try (LockClient client = LockClient.connect(driver, this.redis.host(), this.redis.port(), this.prefix)
                .awaitReady()) {
            ExclusiveWork work = new TemplateWork(client.locks(), Duration.ofSeconds(30));
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String key = "key-" + i;
                all.add(CompletableFuture.runAsync(() -> work.await(key, () -> meet(allHold)), threads));
            }

            assertThat(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(1, TimeUnit.MINUTES);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception ex) {
            throw new IllegalStateException("Not all hold their locks at once", ex);
        }
    }

    private WorkerProcess start(Wiring wiring) {
        return WorkerProcess.start(wiring, this.redis.host(), this.redis.port(), this.prefix);
    }
}
