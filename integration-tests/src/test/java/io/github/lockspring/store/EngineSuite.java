package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockOptions;
import io.github.lockspring.engine.ReleaseWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** What suites of several engines over one store have in common. The time of the store has to run by itself. */
public abstract class EngineSuite extends StoreSuite {

    private final List<EngineProcess> engines = new ArrayList<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();

    private QueueWatch watch;

    @AfterEach
    final void closeEngines() {
        this.engines.forEach(EngineProcess::close);
        this.threads.shutdownNow();
    }

    final EngineProcess engine() {
        return engine(ReleaseWait.ASYNC);
    }

    final EngineProcess engine(ReleaseWait release) {
        return engine(release, connect());
    }

    final EngineProcess engine(LockStore store) {
        return engine(ReleaseWait.ASYNC, store);
    }

    private EngineProcess engine(ReleaseWait release, LockStore store) {
        EngineProcess engine = new EngineProcess(store, release);
        this.engines.add(engine);
        return engine;
    }

    /** Another process's way to the locks. */
    final LockStore connect() {
        String client = "watch-" + this.engines.size() + ":" + UUID.randomUUID();
        this.watch = this.watch != null
                ? this.watch.and(fixture().connect(client))
                : QueueWatch.of(fixture().connect(client));
        return this.watch;
    }

    /** Waits until this many owners of all engines have been told to wait. */
    final void awaitQueued(int owners) {
        this.watch.awaitQueued(owners);
    }

    static LockOptions newOptions() {
        return LockOptions.named(newLock());
    }

    final <T> Future<T> start(Callable<T> work) {
        return this.threads.submit(work);
    }

    static <T> T end(Future<T> work) throws Exception {
        return work.get(1, TimeUnit.MINUTES);
    }

    /** Nobody stands in the queue of a lock that somebody has; whoever leaves may still be on its way. */
    final void assertNobodyQueues(LockOptions options) {
        StoreProcess process = process();
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            StoreOwner probe = process.owner(options.lockName().fullName());
            int rank = probe.queues().rank();
            probe.leaves();
            assertThat(rank).as("owners in the queue").isZero();
        });
    }

    /** Nobody has the lock, and nobody stands in its queue. */
    final void assertAbandoned(LockOptions options) {
        String lock = options.lockName().fullName();
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertFree(lock));
        StoreOwner last = process().owner(lock);
        last.acquires();
        assertThat(last.releases(new ReleaseMode.KeepIfNobodyWaits(Duration.ofSeconds(10))))
                .isInstanceOf(ReleaseOutcome.Kept.class);
        assertThat(process().owner(lock).queues().rank()).isZero();
    }
}
