package io.github.lockspring.engine;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * A counter that nothing protects but the lock, which callers of two engines wait for without limit: each sees every
 * number once if nobody is inside together with somebody else, and all come to an end if nobody is forgotten.
 */
@Param(name = "caller", gen = ThreadIdGen.class)
public class CountingHistory {

    private final PlainStore store = new PlainStore(true);

    /** Two callers of three share the second one, which hands the lock off without asking the store. */
    private final DefaultLockEngine[] engines = {
        EngineFixture.still(this.store, Duration.ZERO), EngineFixture.still(this.store, Duration.ofSeconds(1))
    };

    private long lastToken;

    private int counter;

    @Operation(params = "caller")
    public int count(int caller) {
        return count(engine(caller).acquire(EngineFixture.request(LockDurations.FOREVER)));
    }

    @Operation(params = "caller")
    public int countAsync(int caller) {
        return count(engine(caller)
                .acquireAsync(EngineFixture.request(LockDurations.FOREVER))
                .toCompletableFuture()
                .join());
    }

    private int count(LockLease lease) {
        try (lease) {
            if (lease.fencingToken() <= this.lastToken) {
                throw new IllegalStateException(lease + " after token " + this.lastToken);
            }
            this.lastToken = lease.fencingToken();
            int seen = this.counter;
            Thread.yield();
            this.counter = seen + 1;
            return seen;
        } finally {
            this.store.deliverAll();
        }
    }

    /** Comes in between, and has the lock for a moment at most. */
    @Operation(params = "caller")
    public void cancel(int caller) {
        CompletableFuture<LockLease> asked = engine(caller)
                .acquireAsync(EngineFixture.request(LockDurations.FOREVER))
                .toCompletableFuture();
        if (!asked.cancel(false)) {
            asked.join().close();
        }
        this.store.deliverAll();
    }

    /** The same without waiting. */
    @Operation(params = "caller")
    public void visit(int caller) {
        try {
            engine(caller).acquire(EngineFixture.request(Duration.ZERO)).close();
        } catch (LockNotAcquiredException contended) {
            // whoever has it, has it
        }
        this.store.deliverAll();
    }

    @Validate
    public void leavesNoTrace() {
        EngineFixture.expectNoTrace(this.store, this.engines);
    }

    private DefaultLockEngine engine(int caller) {
        return this.engines[caller % this.engines.length];
    }

    /** What a counter is. */
    public static class Specification {

        private int counter;

        public int count(int caller) {
            return this.counter++;
        }

        public int countAsync(int caller) {
            return count(caller);
        }

        public void cancel(int caller) {
            // changes nothing
        }

        public void visit(int caller) {
            // changes nothing
        }
    }
}
