package io.github.lockspring.samples.cacherefresh.show;

import io.github.lockspring.samples.cacherefresh.cache.Answer.Origin;
import io.github.lockspring.samples.cacherefresh.load.HitCount;
import io.github.lockspring.samples.support.ProcessEvent;
import io.github.lockspring.samples.support.Waits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the events of a pass. Used by one thread. */
final class Tally {

    private final Map<String, Integer> counts = new HashMap<>();

    private final List<Long> waits = new ArrayList<>();

    private HitCount hits = HitCount.NONE;

    void add(ProcessEvent event) {
        this.counts.merge(event.kind(), 1, Integer::sum);
        if (event.is(ProcessEvent.DONE)) {
            this.hits = this.hits.plus(HitCount.of(event));
        } else {
            this.waits.add(event.number());
        }
    }

    int count(Origin origin) {
        return this.counts.getOrDefault(origin.name(), 0);
    }

    int readersDone() {
        return this.counts.getOrDefault(ProcessEvent.DONE, 0);
    }

    HitCount hits() {
        return this.hits;
    }

    Waits waits() {
        return Waits.of(this.waits);
    }
}
