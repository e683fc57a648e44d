package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.SaleEvent;
import io.github.lockspring.samples.flashsale.load.SaleEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts the events of a pass. Used by one thread. */
final class Tally {

    private final long started = System.nanoTime();

    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);

    private final List<Long> waits = new ArrayList<>();

    private Duration lastSale = Duration.ZERO;

    void add(SaleEvent event) {
        this.counts.merge(event.kind(), 1, Integer::sum);
        if (event.kind() == Kind.SOLD) {
            this.waits.add(event.waitedMicros());
            this.lastSale = elapsed();
        }
    }

    int count(Kind kind) {
        return this.counts.getOrDefault(kind, 0);
    }

    int customersServed() {
        return count(Kind.SOLD) + count(Kind.SOLD_OUT) + count(Kind.STALE);
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - this.started);
    }

    Duration lastSale() {
        return this.lastSale;
    }

    List<Long> waits() {
        return this.waits.stream().sorted().toList();
    }
}
