package io.github.lockspring.observation;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of locks in one registry. Thread-safe. */
final class RegistryMeters {

    private final MeterRegistry registry;

    private final BoundedNames names;

    private final LockCounts counts;

    private final Map<String, NameMeters> byName = new ConcurrentHashMap<>();

    RegistryMeters(MeterRegistry registry, BoundedNames names, LockCounts counts) {
        this.registry = registry;
        this.names = names;
        this.counts = counts;
    }

    boolean isOf(MeterRegistry other) {
        return this.registry == other;
    }

    void removeGauges() {
        this.byName.values().forEach(NameMeters::removeGauges);
    }

    /** The meters of a lock, by its name as it is. */
    NameMeters of(String name) {
        NameMeters known = this.byName.get(name);
        return known != null
                ? known
                : this.byName.computeIfAbsent(
                        this.names.bound(name), bound -> new NameMeters(this.registry, bound, this.counts));
    }
}
