package io.github.lockspring.observation;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Counts and times what becomes of calls that ask for locks. The meters, {@code distributed.lock.*}, are tagged with the
 * name of the lock and the outcome, never with a key. What happens before a registry is bound is not counted. Thread-safe.
 *
 * @since 0.1
 */
public final class LockMetrics implements LockMonitor, MeterBinder, AutoCloseable {

    /** How many names of locks have meters of their own by default. */
    public static final int DEFAULT_MAX_NAMES = 200;

    private final Clock clock;

    private final BoundedNames names;

    private final LockCounts counts;

    private final List<RegistryMeters> bound = new CopyOnWriteArrayList<>();

    /**
     * Creates the metrics.
     *
     * @param engines whose locks are counted by the gauges; asked for when these are read
     * @param names which names of locks have meters of their own; further ones share those of {@code other}
     */
    public LockMetrics(Supplier<? extends Collection<? extends LockEngine>> engines, BoundedNames names) {
        this(engines, names, Clock.SYSTEM);
    }

    LockMetrics(Supplier<? extends Collection<? extends LockEngine>> engines, BoundedNames names, Clock clock) {
        this.clock = clock;
        this.names = names;
        this.counts = new LockCounts(engines, this.names, clock);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (this.bound.stream().noneMatch(each -> each.isOf(registry))) {
            this.bound.add(new RegistryMeters(registry, this.names, this.counts));
        }
    }

    @Override
    public Call begin(LockRequest request) {
        return new MeteredCall(this, request.name().name());
    }

    @Override
    public void renewed(LockName name, Duration late) {
        count(name.name(), meters -> meters.renewalDelay.record(late));
    }

    @Override
    public void renewalFailed(LockName name, LockStoreException failure) {
        count(name.name(), meters -> meters.renewalFailures.increment());
    }

    @Override
    public void handedOver(LockName name) {
        count(name.name(), meters -> meters.handOvers.increment());
    }

    @Override
    public void skipped(LockNotAcquiredException failure) {
        String name = failure.getLockName();
        if (name != null) {
            count(name, meters -> meters.skipped.increment());
        }
    }

    /**
     * Counts nothing from now on, and removes the gauges, whose engines end: a registry may outlive them, and those of
     * the next context have the same names.
     */
    @Override
    public void close() {
        List<RegistryMeters> ending = List.copyOf(this.bound);
        this.bound.clear();
        ending.forEach(RegistryMeters::removeGauges);
    }

    long now() {
        return this.clock.monotonicTime();
    }

    /** In each registry: there is one, as a rule. */
    void count(String name, Consumer<NameMeters> event) {
        for (RegistryMeters each : this.bound) {
            event.accept(each.of(name));
        }
    }
}
