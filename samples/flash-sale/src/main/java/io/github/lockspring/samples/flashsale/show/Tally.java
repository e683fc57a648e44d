package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.Outcome;
import io.github.lockspring.samples.support.ProcessEvent;
import io.github.lockspring.samples.support.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the events of a pass. Used by one thread. */
final class Tally {

    private final long started = System.nanoTime();

    private final Map<String, Integer> counts = new HashMap<>();

    private final List<Long> waits = new ArrayList<>();

    private Duration lastSale = Duration.ZERO;

    void add(ProcessEvent event) {
        this.counts.merge(event.kind(), 1, Integer::sum);
        if (event.is(Outcome.SOLD.name())) {
            this.waits.add(event.number());
            this.lastSale = elapsed();
        }
    }

    int count(Outcome outcome) {
        return this.counts.getOrDefault(outcome.name(), 0);
    }

    /** How many processes have served all their customers. */
    int processesDone() {
        return this.counts.getOrDefault(ProcessEvent.DONE, 0);
    }

    int customersServed() {
        return count(Outcome.SOLD) + count(Outcome.SOLD_OUT) + count(Outcome.STALE);
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - this.started);
    }

    Duration lastSale() {
        return this.lastSale;
    }

    Waits waits() {
        return Waits.of(this.waits);
    }
}
