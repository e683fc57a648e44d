package io.github.lockspring.autoconfigure;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockAcquiredEvent;
import io.github.lockspring.LockContendedEvent;
import io.github.lockspring.LockEvent;
import io.github.lockspring.LockForcedEvent;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockListener;
import io.github.lockspring.LockLostEvent;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockReleasedEvent;
import io.github.lockspring.LockRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Tells listeners what happens to locks: {@link LockListener} beans, and as application events. Losses and forced
 * releases are always told. Of the others, calls are only watched for those that a listener wants when the context has
 * been refreshed: without one, a call pays for a look at a field.
 */
final class LockEvents implements LockMonitor, ApplicationListener<ContextRefreshedEvent>, DisposableBean {

    private final ApplicationContext context;

    private final ObjectProvider<LockListener> listenerBeans;

    private final LongSupplier nanoClock;

    private final EventQueue queue = new EventQueue();

    /** The beans, once the context has been refreshed. */
    private volatile List<LockListener> listeners = List.of();

    /** Which events are told, in addition to the ones that always are. */
    private volatile Set<Class<? extends LockEvent>> wanted = Set.of();

    LockEvents(ApplicationContext context, ObjectProvider<LockListener> listenerBeans, LongSupplier nanoClock) {
        this.context = context;
        this.listenerBeans = listenerBeans;
        this.nanoClock = nanoClock;
    }

    /** Methods with {@code @EventListener} are listeners by now; those of child contexts do not get these events. */
    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() == this.context) {
            this.listeners = this.listenerBeans.orderedStream().toList();
            Set<Class<? extends LockEvent>> watched =
                    Set.of(LockAcquiredEvent.class, LockContendedEvent.class, LockReleasedEvent.class);
            this.wanted = this.listeners.isEmpty() ? EventInterest.among(watched, this.context) : watched;
        }
    }

    @Override
    public @Nullable Call begin(LockRequest request) {
        Set<Class<? extends LockEvent>> told = this.wanted;
        return told.isEmpty() ? null : new WatchedCall(request.name(), told, this.nanoClock.getAsLong());
    }

    @Override
    public void lost(LockName name, Duration heldFor, LeaseLostException loss) {
        tell(new LockLostEvent(name, loss.getFencingToken(), heldFor, loss));
    }

    /** A lock was taken away from its holder. */
    void forced(LockForcedEvent event) {
        tell(event);
    }

    private void tell(LockEvent event) {
        this.queue.add(() -> {
            this.listeners.forEach(listener -> EventQueue.run(listener, () -> listener.onLockEvent(event)));
            EventQueue.run(this.context, () -> this.context.publishEvent(event));
        });
    }

    /** After the engines, which depend on their monitors. */
    @Override
    public void destroy() {
        this.queue.close();
    }

    /** What a call has come to. */
    private enum Progress {
        ENTERED,
        ACQUIRED,
        ENDED_EARLY
    }

    private final class WatchedCall implements Call {

        private final LockName name;

        private final Set<Class<? extends LockEvent>> told;

        private final long since;

        private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.ENTERED);

        private volatile long acquiredAt;

        private volatile long fencingToken;

        WatchedCall(LockName name, Set<Class<? extends LockEvent>> told, long since) {
            this.name = name;
            this.told = told;
            this.since = since;
        }

        @Override
        public void contended(@Nullable LockHolder holder) {
            tellIfWanted(new LockContendedEvent(this.name, holder));
        }

        @Override
        public void acquired(long token, boolean handedOff) {
            long now = LockEvents.this.nanoClock.getAsLong();
            this.fencingToken = token;
            this.acquiredAt = now;
            tellIfWanted(new LockAcquiredEvent(this.name, token, Duration.ofNanos(now - this.since), handedOff));
            if (!this.progress.compareAndSet(Progress.ENTERED, Progress.ACQUIRED)) {
                tellReleased();
            }
        }

        /** Another thread may end a hold before the one that has acquired it says so; listeners get these in order. */
        @Override
        public void released() {
            if (!this.progress.compareAndSet(Progress.ENTERED, Progress.ENDED_EARLY)) {
                tellReleased();
            }
        }

        private void tellReleased() {
            long held = LockEvents.this.nanoClock.getAsLong() - this.acquiredAt;
            tellIfWanted(new LockReleasedEvent(this.name, this.fencingToken, Duration.ofNanos(held)));
        }

        private void tellIfWanted(LockEvent event) {
            if (this.told.contains(event.getClass())) {
                tell(event);
            }
        }
    }
}
