package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Locks that nobody holds or wants cost nothing. */
public abstract class EngineFootprintContract extends EngineSuite {

    private static final int KEYS = 10_000;

    private static final int THREADS = 4;

    /** The pools of two engines and of a store have so many threads at most, and start them when needed. */
    private static final int MOST_OF_POOLS = 50;

    @Test
    void tenThousandKeysLeaveNoThreadsAndNothingInTheStore() throws Exception {
        LockOptions options = newOptions();
        EngineProcess one = engine();
        EngineProcess two = engine();
        one.locks().call(options.key("first"), () -> null);
        two.locks().call(options.key("first"), () -> null);
        int threadsBefore = lockThreads();
        List<Future<Integer>> workers = new ArrayList<>();

        for (int i = 0; i < THREADS; i++) {
            EngineProcess process = i % 2 == 0 ? one : two;
            int worker = i;
            workers.add(start(() -> {
                int locked = 0;
                for (int key = worker; key < KEYS; key += THREADS) {
                    locked += process.locks().call(options.key(key), () -> 1);
                }
                return locked;
            }));
        }

        int locked = 0;
        for (Future<Integer> worker : workers) {
            locked += end(worker);
        }
        assertThat(locked).isEqualTo(KEYS);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> fixture().assertNothingLeft());
        assertThat(lockThreads()).isLessThan(threadsBefore + MOST_OF_POOLS);
    }

    @Test
    void manyLocksHeldAtOnceNeedNoThreadEach() {
        LockOptions options = newOptions();
        EngineProcess process = engine();
        process.locks().call(options.key("first"), () -> null);
        int threadsBefore = lockThreads();
        List<LockLease> leases = new ArrayList<>();

        for (int key = 0; key < 1_000; key++) {
            leases.add(process.locks().acquire(options.key(key)));
        }

        assertThat(lockThreads()).isLessThan(threadsBefore + MOST_OF_POOLS);
        leases.forEach(LockLease::close);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> fixture().assertNothingLeft());
    }

    /** Threads of engines are named after them; a driver that blocks has a few of its own, started when needed. */
    private static int lockThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("distributed-lock") && !name.startsWith("distributed-lock-redis"))
                .count();
    }
}
