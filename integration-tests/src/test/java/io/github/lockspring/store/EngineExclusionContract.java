package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.engine.ReleaseWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Several processes with several threads each want one lock: one at a time, in the order of their tokens, and all get it. */
public abstract class EngineExclusionContract extends EngineSuite {

    private static final int PROCESSES = 4;

    private static final int THREADS_OF_EACH = 4;

    private static final int VISITS_OF_EACH = 250;

    private final LockOptions options = newOptions();

    private final GuardedCounter counter = new GuardedCounter();

    @Test
    void oneAtATime() throws Exception {
        visit(VISITS_OF_EACH, ReleaseWait.ASYNC, this::visit);
        assertCounted(PROCESSES * THREADS_OF_EACH * VISITS_OF_EACH);
    }

    @Test
    void oneAtATimeWhenReleasesAreAwaited() throws Exception {
        visit(VISITS_OF_EACH, ReleaseWait.SYNC, this::visit);
        assertCounted(PROCESSES * THREADS_OF_EACH * VISITS_OF_EACH);
    }

    @Test
    void oneAtATimeInOrder() throws Exception {
        LockOptions fair = this.options.fair(true);
        visit(
                50,
                ReleaseWait.ASYNC,
                engine -> engine.locks().execute(fair, lease -> {
                    this.counter.visit(lease.toString(), lease.fencingToken());
                    return 1;
                }));
        assertCounted(PROCESSES * THREADS_OF_EACH * 50);
    }

    @Test
    void oneAtATimeWithoutBlocking() throws Exception {
        visit(
                VISITS_OF_EACH,
                ReleaseWait.ASYNC,
                engine -> end(visitAsync(engine).toCompletableFuture()));
        assertCounted(PROCESSES * THREADS_OF_EACH * VISITS_OF_EACH);
    }

    @Test
    void oneAtATimeWhateverCallersDo() throws Exception {
        int visits = visit(VISITS_OF_EACH, ReleaseWait.ASYNC, engine -> switch (ThreadLocalRandom.current()
                .nextInt(6)) {
            case 0 -> visit(engine);
            case 1 -> end(visitAsync(engine).toCompletableFuture());
            case 2 -> visitIfFree(engine, Duration.ZERO);
            case 3 ->
                visitIfFree(engine, Duration.ofNanos(ThreadLocalRandom.current().nextInt(3_000_000)));
            case 4 -> cancelAsync(engine);
            default -> interrupted(engine);
        });

        assertCounted(visits);
    }

    @FunctionalInterface
    private interface Visitor {

        /** Returns how often it was inside. */
        int visit(EngineProcess engine) throws Exception;
    }

    private int visit(int times, ReleaseWait release, Visitor visitor) throws Exception {
        List<Future<Integer>> threads = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            EngineProcess engine = engine(release);
            for (int j = 0; j < THREADS_OF_EACH; j++) {
                threads.add(start(() -> {
                    int visits = 0;
                    for (int k = 0; k < times; k++) {
                        visits += visitor.visit(engine);
                    }
                    return visits;
                }));
            }
        }
        int visits = 0;
        for (Future<Integer> thread : threads) {
            visits += end(thread);
        }
        return visits;
    }

    private void assertCounted(int visits) {
        assertThat(this.counter.violations()).isEmpty();
        assertThat(this.counter.value()).isEqualTo(visits);
        assertAbandoned(this.options);
    }

    private int inside(LockLease lease) {
        this.counter.visit(lease.toString(), lease.fencingToken());
        return 1;
    }

    private int visit(EngineProcess engine) {
        return engine.locks().call(this.options, this::inside);
    }

    private CompletionStage<Integer> visitAsync(EngineProcess engine) {
        return engine.locks().acquireAsync(this.options).thenApply(lease -> {
            try (lease) {
                return inside(lease);
            }
        });
    }

    private int visitIfFree(EngineProcess engine, Duration waitTime) {
        Optional<LockLease> lease = engine.locks().tryAcquire(this.options, waitTime);
        try (LockLease held = lease.orElse(null)) {
            return held != null ? inside(held) : 0;
        }
    }

    private int cancelAsync(EngineProcess engine) throws Exception {
        CompletableFuture<Integer> visit = new CompletableFuture<>();
        CompletableFuture<LockLease> acquisition =
                engine.locks().acquireAsync(this.options).toCompletableFuture();
        acquisition.whenComplete((lease, failure) -> {
            if (lease == null) {
                visit.complete(0);
            } else {
                try (lease) {
                    visit.complete(inside(lease));
                }
            }
        });
        acquisition.cancel(false);
        return visit.get(1, TimeUnit.MINUTES);
    }

    private int interrupted(EngineProcess engine) {
        Thread.currentThread().interrupt();
        try {
            return visit(engine);
        } catch (LockInterruptedException ex) {
            return 0;
        } finally {
            Thread.interrupted();
        }
    }
}
