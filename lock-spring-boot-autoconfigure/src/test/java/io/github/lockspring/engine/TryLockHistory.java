package io.github.lockspring.engine;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;

/** Operations that never wait, by callers of two engines over one store; each caller is a thread of its own. */
@Param(name = "caller", gen = ThreadIdGen.class)
public class TryLockHistory {

    static final int CALLERS = 8;

    private final PlainStore store = new PlainStore(true);

    private final DefaultLockEngine[] engines = {
        EngineFixture.still(this.store, Duration.ofSeconds(1)), EngineFixture.still(this.store, Duration.ZERO)
    };

    private final @Nullable LockLease[] leases = new LockLease[CALLERS];

    /** Changes without any protection but the lock's. */
    private long lastToken;

    @Operation(params = "caller")
    public boolean tryLock(int caller) {
        if (this.leases[caller] != null) {
            return false;
        }
        try {
            entered(caller, engine(caller).acquire(EngineFixture.request(Duration.ZERO)));
        } catch (LockNotAcquiredException contended) {
            return false;
        } finally {
            this.store.deliverAll();
        }
        return true;
    }

    @Operation(params = "caller")
    public boolean tryLockAsync(int caller) {
        CompletableFuture<LockLease> asked = engine(caller)
                .acquireAsync(EngineFixture.request(Duration.ZERO))
                .toCompletableFuture();
        this.store.deliverAll();
        if (asked.isCompletedExceptionally()) {
            return false;
        }
        entered(caller, asked.join());
        return true;
    }

    private void entered(int caller, LockLease lease) {
        if (lease.fencingToken() <= this.lastToken) {
            throw new IllegalStateException(lease + " after token " + this.lastToken);
        }
        this.lastToken = lease.fencingToken();
        this.leases[caller] = lease;
    }

    @Operation(params = "caller")
    public boolean unlock(int caller) {
        LockLease lease = this.leases[caller];
        if (lease == null) {
            return false;
        }
        this.leases[caller] = null;
        lease.close();
        this.store.deliverAll();
        return true;
    }

    @Operation(params = "caller")
    public boolean isHeld(int caller) {
        LockLease lease = this.leases[caller];
        return lease != null && lease.isHeld();
    }

    @Operation(params = "caller")
    public boolean isLocked(int caller) {
        return engine(caller)
                .holder(EngineFixture.request(Duration.ZERO).name())
                .isPresent();
    }

    @Validate
    public void leavesNoTrace() {
        for (int caller = 0; caller < CALLERS; caller++) {
            unlock(caller);
        }
        EngineFixture.expectNoTrace(this.store, this.engines);
    }

    private DefaultLockEngine engine(int caller) {
        return this.engines[caller % this.engines.length];
    }

    /** What a lock is. */
    public static class Specification {

        private int holder = -1;

        public boolean tryLock(int caller) {
            boolean free = this.holder < 0;
            if (free) {
                this.holder = caller;
            }
            return free;
        }

        public boolean tryLockAsync(int caller) {
            return tryLock(caller);
        }

        public boolean unlock(int caller) {
            boolean held = isHeld(caller);
            if (held) {
                this.holder = -1;
            }
            return held;
        }

        public boolean isHeld(int caller) {
            return this.holder == caller;
        }

        public boolean isLocked(int caller) {
            return this.holder >= 0;
        }
    }
}
