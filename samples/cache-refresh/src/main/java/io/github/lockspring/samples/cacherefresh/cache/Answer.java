package io.github.lockspring.samples.cacherefresh.cache;

/**
 * What a reader gets.
 *
 * @param price the price
 * @param origin where it comes from
 */
public record Answer(Price price, Origin origin) {

    /** Where a price comes from. */
    public enum Origin {
        /** It was in the cache, and fresh. */
        HIT,
        /** This reader has made it. */
        REBUILT,
        /** Another reader has made it, between the first look and the one under the lock. */
        AWAITED,
        /** It is the old one, because another reader is making a new one. */
        STALE
    }

    static Answer hit(Price price) {
        return new Answer(price, Origin.HIT);
    }
}
