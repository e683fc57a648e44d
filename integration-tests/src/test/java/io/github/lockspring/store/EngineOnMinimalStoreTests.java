package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.engine.ReleaseWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that can do no more than acquire, renew and free serves several processes, which poll it. */
class EngineOnMinimalStoreTests {

    private static final int VISITS_OF_EACH = 20;

    private final LockOptions options = EngineSuite.newOptions();

    private final MinimalLockStore store = new MinimalLockStore(() -> TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));

    private final List<EngineProcess> processes = List.of(
            new EngineProcess(this.store, ReleaseWait.ASYNC),
            new EngineProcess(this.store, ReleaseWait.ASYNC),
            new EngineProcess(this.store, ReleaseWait.SYNC));

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        this.processes.forEach(EngineProcess::close);
        this.threads.shutdownNow();
    }

    @Test
    void refusesWhatItCannotDo() {
        LockOperations locks = this.processes.get(0).locks();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> locks.acquire(this.options.fair(true)))
                .withMessageContaining("omit fair");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> locks.acquire(this.options.holdAtLeast(Duration.ofSeconds(1))))
                .withMessageContaining("omit holdAtLeast");
    }

    @Test
    void oneIsInsideAtATimeAndAllGetIn() throws Exception {
        GuardedCounter counter = new GuardedCounter();
        List<Future<Integer>> visitors = new ArrayList<>();
        for (EngineProcess process : this.processes) {
            for (int i = 0; i < 2; i++) {
                visitors.add(this.threads.submit(() -> {
                    for (int k = 0; k < VISITS_OF_EACH; k++) {
                        try (LockLease lease = process.locks().acquire(this.options)) {
                            counter.visit(lease.toString(), lease.fencingToken());
                        }
                    }
                    return VISITS_OF_EACH;
                }));
            }
        }

        int visits = 0;
        for (Future<Integer> visitor : visitors) {
            visits += visitor.get(1, TimeUnit.MINUTES);
        }

        assertThat(counter.violations()).isEmpty();
        assertThat(counter.value()).isEqualTo(visits);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(this.store.size()).isZero());
    }
}
