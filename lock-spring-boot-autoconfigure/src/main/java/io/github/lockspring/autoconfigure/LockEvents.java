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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Tells listeners what happens to locks: {@link LockListener} beans, and as application events. Losses and forced
 * releases are always told. Of the others, calls are only watched for those that a listener wants when the context
 * starts: without one, a call pays for a look at a field. That is decided once all singletons exist, methods with {@code
 * @EventListener} are listeners, and nothing has started yet that may lock: web server, listener containers, and what
 * else has a life cycle. Listeners of child contexts do not get these events.
 */
final class LockEvents implements LockMonitor, SmartLifecycle, DisposableBean {

    private static final Set<Class<? extends LockEvent>> OF_CALLS =
            Set.of(LockAcquiredEvent.class, LockContendedEvent.class, LockReleasedEvent.class);

    private final ApplicationContext context;

    /** Its listeners have one limit together: they are told by the context. */
    private final GuardedListener<ApplicationContext> publisher;

    private final ObjectProvider<LockListener> listenerBeans;

    private final LongSupplier nanoClock;

    private final EventQueue queue;

    /** The beans, once the context starts. */
    private volatile List<GuardedListener<LockListener>> listeners = List.of();

    /** Which events are told, in addition to the ones that always are. */
    private volatile Set<Class<? extends LockEvent>> wanted = Set.of();

    private volatile boolean running;

    LockEvents(ApplicationContext context, ObjectProvider<LockListener> listenerBeans, LongSupplier nanoClock) {
        this.context = context;
        this.publisher = new GuardedListener<>(context, nanoClock);
        this.listenerBeans = listenerBeans;
        this.nanoClock = nanoClock;
        this.queue = new EventQueue(this::publish, nanoClock);
    }

    /** Before all others. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    @Override
    public void start() {
        this.listeners = this.listenerBeans
                .orderedStream()
                .map(listener -> new GuardedListener<>(listener, this.nanoClock))
                .toList();
        this.wanted = this.listeners.isEmpty() ? EventInterest.among(OF_CALLS, this.context) : OF_CALLS;
        this.running = true;
    }

    @Override
    public void stop() {
        this.running = false;
    }

    @Override
    public boolean isRunning() {
        return this.running;
    }

    @Override
    public @Nullable Call begin(LockRequest request) {
        Set<Class<? extends LockEvent>> told = this.wanted;
        return told.isEmpty() ? null : new WatchedCall(request.name(), told, this.nanoClock.getAsLong());
    }

    @Override
    public void lost(LockName name, Duration heldFor, LeaseLostException loss) {
        this.queue.add(new LockLostEvent(name, loss.getFencingToken(), heldFor, loss));
    }

    /** A lock was taken away from its holder. */
    void forced(LockForcedEvent event) {
        this.queue.add(event);
    }

    private void publish(LockEvent event) {
        this.listeners.forEach(guarded -> guarded.tell(listener -> listener.onLockEvent(event)));
        this.publisher.tell(listeners -> listeners.publishEvent(event));
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
        RELEASED_EARLY,
        LOST
    }

    /**
     * Another thread may end a hold before the one that has acquired it says so: listeners get these events in order, as
     * each is added to the queue inside the monitor of the call.
     */
    private final class WatchedCall implements Call {

        private final LockName name;

        private final Set<Class<? extends LockEvent>> told;

        private final long since;

        private Progress progress = Progress.ENTERED;

        private long acquiredAt;

        private long fencingToken;

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
        public synchronized void acquired(long token, boolean handedOff) {
            if (this.progress == Progress.LOST) {
                return;
            }
            boolean released = this.progress == Progress.RELEASED_EARLY;
            long now = LockEvents.this.nanoClock.getAsLong();
            this.progress = Progress.ACQUIRED;
            this.fencingToken = token;
            this.acquiredAt = now;
            tellIfWanted(new LockAcquiredEvent(this.name, token, Duration.ofNanos(now - this.since), handedOff));
            if (released) {
                tellReleased();
            }
        }

        @Override
        public synchronized void released() {
            if (this.progress == Progress.ACQUIRED) {
                tellReleased();
            } else {
                this.progress = Progress.RELEASED_EARLY;
            }
        }

        /** Comes before the monitor is told of the loss, which is the last event of the hold. */
        @Override
        public synchronized void lost(LeaseLostException loss) {
            this.progress = Progress.LOST;
        }

        private void tellReleased() {
            long held = LockEvents.this.nanoClock.getAsLong() - this.acquiredAt;
            tellIfWanted(new LockReleasedEvent(this.name, this.fencingToken, Duration.ofNanos(held)));
        }

        private void tellIfWanted(LockEvent event) {
            if (this.told.contains(event.getClass())) {
                LockEvents.this.queue.add(event);
            }
        }
    }
}
