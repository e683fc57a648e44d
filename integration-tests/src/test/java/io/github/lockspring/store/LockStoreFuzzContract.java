package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Several processes do everything at once, at random: try, queue, poll, listen, keep, free, leave, repeat themselves. No
 * two may be inside at a time, numbers rise in the order of entry, and nobody is forgotten in the queue.
 */
public abstract class LockStoreFuzzContract extends StoreSuite {

    private static final int PROCESSES = 8;

    private static final int VISITS_OF_EACH = 400;

    @Test
    void neverTwoAreInsideWhereWhoeverFindsTheLockFreeTakesIt() throws Exception {
        fuzz(false);
    }

    @Test
    void neverTwoAreInsideWhereWaitersAreServedInOrder() throws Exception {
        fuzz(true);
    }

    private void fuzz(boolean fair) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        String lock = newLock();
        GuardedCounter counter = new GuardedCounter();
        List<FuzzVisitor> visitors = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            Random random = new Random(seed + i);
            visitors.add(new FuzzVisitor(listeningProcess(), lock, fair, counter, random, VISITS_OF_EACH));
        }

        int visits = runAtOnce(visitors);

        assertThat(counter.violations()).as("seed %d", seed).isEmpty();
        assertThat(counter.value()).as("visits counted, seed %d", seed).isEqualTo(visits);
        assertFree(lock);
        assertNobodyWaits(lock);
    }

    private static int runAtOnce(List<FuzzVisitor> visitors) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(visitors.size());
        try {
            int visits = 0;
            for (Future<Integer> visitor : executor.invokeAll(visitors, 2, TimeUnit.MINUTES)) {
                visits += visitor.get();
            }
            return visits;
        } finally {
            executor.shutdownNow();
        }
    }

    private void assertNobodyWaits(String lock) {
        StoreOwner last = process().owner(lock);
        last.acquires();
        assertThat(last.releases(new ReleaseMode.KeepIfNobodyWaits(Duration.ofSeconds(10))))
                .isInstanceOf(ReleaseOutcome.Kept.class);
        assertThat(process().owner(lock).queues().rank()).isZero();
    }
}
