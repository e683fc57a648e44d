package io.github.lockspring.engine;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockLease;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;

/**
 * Commands, answers and grants are under way until an operation delivers them, in whatever order, and timers run when
 * an operation says so. What an operation meets depends on that, so that none of them says anything: at any time nobody
 * is inside together with somebody else, and in the end everybody who has not cancelled was inside.
 */
@Param(name = "engine", gen = IntGen.class, conf = "0:1")
@Param(name = "which", gen = IntGen.class, conf = "0:3")
public class DeliveryHistory {

    /** Enough of them for whatever a timer causes, whose answer causes the next. */
    private static final int ROUNDS = 4;

    /** How many polls there were in all runs. */
    static final AtomicInteger POLLS = new AtomicInteger();

    private final PlainStore store = new PlainStore(false);

    private final StillClock clock = new StillClock();

    private final DefaultLockEngine[] engines = {
        EngineFixture.still(this.store, Duration.ofSeconds(1), this.clock),
        EngineFixture.still(this.store, Duration.ZERO, this.clock)
    };

    private final Queue<CompletableFuture<LockLease>> asked = new ConcurrentLinkedQueue<>();

    private final AtomicReference<@Nullable LockLease> inside = new AtomicReference<>();

    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    /** Changes without any protection but the lock's. */
    private long lastToken;

    @Operation(params = "engine")
    public void ask(int engine) {
        ask(engine, LockDurations.FOREVER);
    }

    @Operation(params = "engine")
    public void askOnce(int engine) {
        ask(engine, Duration.ZERO);
    }

    private void ask(int engine, Duration waitTime) {
        CompletableFuture<LockLease> future = this.engines[engine]
                .acquireAsync(EngineFixture.request(waitTime))
                .toCompletableFuture();
        this.asked.add(future);
        future.thenAccept(this::enter);
    }

    private void enter(LockLease lease) {
        if (lease.fencingToken() <= this.lastToken) {
            this.violations.add(lease + " after token " + this.lastToken);
        }
        this.lastToken = lease.fencingToken();
        LockLease other = this.inside.getAndSet(lease);
        if (other != null) {
            this.violations.add(lease + " while there was " + other);
        }
    }

    @Operation
    public void release() {
        LockLease lease = this.inside.getAndSet(null);
        if (lease != null) {
            lease.close();
        }
    }

    @Operation
    public void cancel() {
        CompletableFuture<LockLease> future = this.asked.poll();
        if (future != null) {
            future.cancel(false);
        }
    }

    @Operation(params = "which")
    public void deliver(int which) {
        this.store.deliver(which);
    }

    @Operation(params = "which")
    public void deliverAllBut(int which) {
        this.store.deliverAllBut(which);
    }

    /** Polls, and gives up waiting for answers. */
    @Operation(params = "which")
    public void runTimer(int which) {
        this.clock.runTimer(which);
    }

    @Validate
    public void everybodyWasInsideAlone() {
        for (int i = 0; i < ROUNDS; i++) {
            do {
                release();
                this.store.deliverAll();
            } while (this.inside.get() != null);
            this.clock.runTimers();
        }
        List<CompletableFuture<LockLease>> waiting =
                this.asked.stream().filter(future -> !future.isDone()).toList();
        if (!this.violations.isEmpty() || !waiting.isEmpty()) {
            throw new IllegalStateException(this.violations + ", " + waiting.size() + " wait for ever: " + this.store);
        }
        EngineFixture.expectNoTrace(this.store, this.engines);
        POLLS.addAndGet(this.store.polls());
    }

    /** Nothing is said. */
    public static class Specification {

        public void ask(int engine) {
            // says nothing
        }

        public void askOnce(int engine) {
            // says nothing
        }

        public void release() {
            // says nothing
        }

        public void cancel() {
            // says nothing
        }

        public void deliver(int which) {
            // says nothing
        }

        public void deliverAllBut(int which) {
            // says nothing
        }

        public void runTimer(int which) {
            // says nothing
        }
    }
}
