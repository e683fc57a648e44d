package io.github.lockspring.samples.cacherefresh.cache;

/**
 * A cached value, and until when it counts as fresh. After that it is still there, to be served or to be replaced.
 *
 * @param version which one of this product, counted from 1
 * @param freshUntilMillis by the clock of the machine, as {@link System#currentTimeMillis()}
 */
public record Price(long version, long freshUntilMillis) {

    public boolean isFresh() {
        return System.currentTimeMillis() < this.freshUntilMillis;
    }

    String toText() {
        return this.version + " " + this.freshUntilMillis;
    }

    static Price parse(String text) {
        String[] parts = text.split(" ", 2);
        return new Price(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
}
