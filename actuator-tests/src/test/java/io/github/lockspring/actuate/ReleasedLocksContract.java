package io.github.lockspring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.DocumentContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Under load, what is shown as held was not released a second before. */
abstract class ReleasedLocksContract {

    private static final String PATH = "/actuator/distributedlocks";

    private static final int LOCKS = 4;

    /** Of each application: two for each lock. */
    private static final int THREADS = 2 * LOCKS;

    private static final long LOAD_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LONGEST_LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<ActuatorApplication> applications = new ArrayList<>();

    /** When the calls have returned that released, by fencing token. */
    private final Map<String, Long> releasedAt = new ConcurrentHashMap<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Starts the applications that want the same locks. */
    abstract List<ActuatorApplication> start();

    @AfterEach
    void stop() {
        this.threads.shutdownNow();
        this.applications.forEach(ActuatorApplication::close);
    }

    @Test
    void areNotShownAsHeld() throws Exception {
        this.applications.addAll(start());
        long end = System.nanoTime() + LOAD_NANOS;
        List<AtomicInteger> visits = new ArrayList<>();
        List<Future<?>> work = new ArrayList<>();
        for (ActuatorApplication application : this.applications) {
            AtomicInteger count = new AtomicInteger();
            visits.add(count);
            for (int i = 0; i < THREADS; i++) {
                LockOptions options = LockOptions.named("order").key(i % LOCKS).waitForever();
                work.add(this.threads.submit(() -> acquireAndRelease(application, options, count, end)));
            }
        }
        int shown = 0;
        while (System.nanoTime() < end) {
            for (ActuatorApplication application : this.applications) {
                shown += look(application);
            }
        }
        for (Future<?> each : work) {
            each.get(1, TimeUnit.MINUTES);
        }
        assertThat(shown).as("holds that were shown").isPositive();
        assertThat(visits)
                .as("holds of each application")
                .allSatisfy(count -> assertThat(count).hasPositiveValue());
        for (ActuatorApplication application : this.applications) {
            assertThat(application.get(PATH).<Integer>read("$.heldCount")).isZero();
            for (int i = 0; i < LOCKS; i++) {
                assertFree(application, PATH + "/order/" + i);
            }
        }
    }

    private void acquireAndRelease(
            ActuatorApplication application, LockOptions options, AtomicInteger count, long end) {
        while (System.nanoTime() < end) {
            LockLease lease = application.locks().acquire(options);
            lease.close();
            this.releasedAt.put(Long.toString(lease.fencingToken()), System.nanoTime());
            count.incrementAndGet();
        }
    }

    /** Returns how many holds are shown. */
    private int look(ActuatorApplication application) throws Exception {
        long before = System.nanoTime();
        List<String> tokens = application.get(PATH).read("$.held[*].fencingToken");
        assertThat(tokens)
                .hasSizeLessThanOrEqualTo(LOCKS)
                .allSatisfy(token -> assertThat(this.releasedAt.getOrDefault(token, Long.MAX_VALUE))
                        .isGreaterThan(before - LONGEST_LATE_NANOS));
        return tokens.size();
    }

    /** Another application may not have released it in the store yet, which it does in the background. */
    private static void assertFree(ActuatorApplication application, String path) {
        Awaitility.await().atMost(Duration.ofNanos(10 * LONGEST_LATE_NANOS)).untilAsserted(() -> {
            DocumentContext lock = application.get(path);
            assertThat(lock.<Boolean>read("$.held")).as(lock.jsonString()).isFalse();
            assertThat(lock.<Integer>read("$.waitingHere.length()")).isZero();
        });
    }
}
