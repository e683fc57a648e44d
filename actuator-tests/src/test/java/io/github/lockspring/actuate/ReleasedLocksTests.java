package io.github.lockspring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Under load, what is shown as held was not released a second before. */
class ReleasedLocksTests {

    private static final int THREADS = 8;

    private static final long LOAD_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LONGEST_LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Test
    void areNotShownAsHeld() throws Exception {
        Map<String, Long> releasedAt = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (ActuatorApplication application = ActuatorApplication.start()) {
            long end = System.nanoTime() + LOAD_NANOS;
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                LockOptions options =
                        LockOptions.named("order").key(i % (THREADS / 2)).waitForever();
                work.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        LockLease lease = application.locks().acquire(options);
                        lease.close();
                        releasedAt.put(Long.toString(lease.fencingToken()), System.nanoTime());
                    }
                }));
            }
            int shown = 0;
            while (System.nanoTime() < end) {
                long before = System.nanoTime();
                List<String> tokens =
                        application.get("/actuator/distributedlocks").read("$.held[*].fencingToken");
                shown += tokens.size();
                assertThat(tokens)
                        .allSatisfy(token -> assertThat(releasedAt.getOrDefault(token, Long.MAX_VALUE))
                                .isGreaterThan(before - LONGEST_LATE_NANOS));
            }
            for (Future<?> each : work) {
                each.get(1, TimeUnit.MINUTES);
            }
            assertThat(shown).as("holds that were shown").isPositive();
            assertThat(application.get("/actuator/distributedlocks").<Integer>read("$.heldCount"))
                    .isZero();
        } finally {
            threads.shutdownNow();
        }
    }
}
