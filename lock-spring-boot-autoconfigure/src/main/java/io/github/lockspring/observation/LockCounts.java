package io.github.lockspring.observation;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockName;
import io.github.lockspring.LockSnapshot;
import io.micrometer.core.instrument.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many locks are held and waited for, by name. The gauges of all names are read one after the other: they share what
 * was counted a moment ago. Thread-safe.
 */
final class LockCounts {

    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Supplier<? extends Collection<? extends LockEngine>> engines;

    private final BoundedNames names;

    private final Clock clock;

    private volatile @Nullable Counted newest;

    LockCounts(Supplier<? extends Collection<? extends LockEngine>> engines, BoundedNames names, Clock clock) {
        this.engines = engines;
        this.names = names;
        this.clock = clock;
    }

    int held(String name) {
        return counted().held().getOrDefault(name, 0);
    }

    int waiting(String name) {
        return counted().waiting().getOrDefault(name, 0);
    }

    private Counted counted() {
        long now = this.clock.monotonicTime();
        Counted known = this.newest;
        if (known == null || now - known.at() > FRESH_NANOS) {
            known = count(now);
            this.newest = known;
        }
        return known;
    }

    private Counted count(long now) {
        Map<String, Integer> held = new HashMap<>();
        Map<String, Integer> waiting = new HashMap<>();
        for (LockEngine engine : this.engines.get()) {
            LockSnapshot snapshot = engine.snapshot();
            snapshot.held().forEach(hold -> add(held, hold.name()));
            snapshot.waiting().forEach(call -> add(waiting, call.name()));
        }
        return new Counted(now, held, waiting);
    }

    private void add(Map<String, Integer> counts, LockName name) {
        counts.merge(this.names.bound(name.name()), 1, Integer::sum);
    }

    private record Counted(long at, Map<String, Integer> held, Map<String, Integer> waiting) {}
}
