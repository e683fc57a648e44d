package io.github.lockspring.samples.cacherefresh.load;

import io.github.lockspring.samples.support.ProcessEvent;

/**
 * What a reader has counted in one pass; reads that found no fresh price are reported one by one besides.
 *
 * @param hits reads that found a fresh price
 * @param locks times that a lock was asked for
 * @param locksOnHits those of them that were asked for during a hit
 */
public record HitCount(long hits, long locks, long locksOnHits) {

    public static final HitCount NONE = new HitCount(0, 0, 0);

    public HitCount plus(HitCount other) {
        return new HitCount(this.hits + other.hits, this.locks + other.locks, this.locksOnHits + other.locksOnHits);
    }

    ProcessEvent toEvent() {
        return ProcessEvent.of(ProcessEvent.DONE, this.hits + " " + this.locks + " " + this.locksOnHits);
    }

    public static HitCount of(ProcessEvent event) {
        String[] parts = event.detail().split(" ", 3);
        return new HitCount(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
