package io.github.lockspring;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@link LockOperations} over a {@link LockEngine}: fills in the configured settings and runs the work. Thread-safe.
 *
 * @since 0.1
 */
public class LockTemplate implements LockOperations {

    private final LockEngine engine;

    private final LockSettings settings;

    /**
     * Creates a template.
     *
     * @param engine acquires and releases
     * @param settings defaults and per-name settings
     */
    public LockTemplate(LockEngine engine, LockSettings settings) {
        this.engine = engine;
        this.settings = settings;
    }

    @Override
    public <T extends @Nullable Object, E extends Throwable> T execute(LockOptions options, LockCallback<T, E> callback)
            throws E {
        LockLease lease = acquire(options);
        T result;
        try {
            result = callback.doInLock(lease);
        } catch (Throwable failure) {
            closeAfter(failure, lease);
            throw failure;
        }
        lease.close();
        if (lease.isLost()) {
            lease.ensureHeld();
        }
        return result;
    }

    /** Whether the lease was lost is decided when it is closed, at the latest; what the work threw comes first. */
    private static void closeAfter(Throwable failure, LockLease lease) {
        try {
            lease.close();
        } catch (Throwable ex) {
            failure.addSuppressed(ex);
        }
        if (lease.isLost()) {
            try {
                lease.ensureHeld();
            } catch (LeaseLostException loss) {
                failure.addSuppressed(loss);
            }
        }
    }

    @Override
    public LockLease acquire(LockOptions options) {
        return this.engine.acquire(this.settings.resolve(options));
    }

    @Override
    public Optional<LockLease> tryAcquire(LockOptions options) {
        LockRequest request = this.settings.resolve(options);
        try {
            return Optional.of(
                    this.engine.acquire(options.getWaitTime() != null ? request : request.withWaitTime(Duration.ZERO)));
        } catch (LockNotAcquiredException contended) {
            return Optional.empty();
        }
    }

    @Override
    public CompletionStage<LockLease> acquireAsync(LockOptions options) {
        return this.engine.acquireAsync(this.settings.resolve(options));
    }

    @Override
    public Optional<LockHolder> holder(String name, Object... keyParts) {
        return this.engine.holder(this.settings.shown(LockName.of(name, keyParts)));
    }
}
