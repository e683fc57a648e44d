package io.github.lockspring.observation;

import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockRequest;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Observes calls that ask for locks, and their holds: see {@link LockObservation}. While the registry has no handlers,
 * nothing is observed. Thread-safe.
 *
 * @since 0.1
 */
public final class ObservedLocks implements LockMonitor {

    private static final LockObservationConvention DEFAULT = new DefaultLockObservationConvention();

    private static final NamedConvention ACQUIRE = NamedConvention.of(DEFAULT, LockObservation.ACQUIRE);

    private static final NamedConvention HOLD = NamedConvention.of(DEFAULT, LockObservation.HOLD);

    private final Supplier<ObservationRegistry> lookup;

    /**
     * Looked up by the first call, and perhaps by several at the same time: no call waits for another one, which may wait
     * for a bean that this one creates.
     */
    private volatile @Nullable ObservationRegistry registry;

    private final @Nullable NamedConvention customAcquire;

    private final @Nullable NamedConvention customHold;

    private final BoundedNames names;

    /**
     * Creates the monitor.
     *
     * @param registry where observations are created; asked for by the first call
     * @param convention the convention of the application, {@code null} if it has none
     * @param names which names of locks are observed by themselves; further ones are {@code other}
     */
    public ObservedLocks(
            Supplier<ObservationRegistry> registry,
            @Nullable LockObservationConvention convention,
            BoundedNames names) {
        this.lookup = registry;
        this.customAcquire = convention != null ? NamedConvention.of(convention, LockObservation.ACQUIRE) : null;
        this.customHold = convention != null ? NamedConvention.of(convention, LockObservation.HOLD) : null;
        this.names = names;
    }

    @Override
    public @Nullable Call begin(LockRequest request) {
        ObservationRegistry present = registry();
        if (present.isNoop()) {
            return null;
        }
        String name = this.names.bound(request.name().name());
        LockObservationContext context = new LockObservationContext(LockObservation.ACQUIRE, request, name);
        Observation acquire = create(present, context);
        ObservedCall call = new ObservedCall(this, present, context, acquire);
        acquire.start();
        return call;
    }

    private ObservationRegistry registry() {
        ObservationRegistry known = this.registry;
        if (known == null) {
            known = this.lookup.get();
            this.registry = known;
        }
        return known;
    }

    Observation create(ObservationRegistry registry, LockObservationContext context) {
        boolean acquire = context.observation() == LockObservation.ACQUIRE;
        return Observation.createNotStarted(
                acquire ? this.customAcquire : this.customHold, acquire ? ACQUIRE : HOLD, () -> context, registry);
    }
}
