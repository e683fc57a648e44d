package io.github.lockspring.observation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names of locks as tags: those that come first are themselves, all further ones are {@value #OTHER}. An application that
 * puts ids into names would have a time series for each otherwise. Thread-safe.
 */
final class BoundedNames {

    /** Stands for all names beyond the limit. */
    static final String OTHER = "other";

    private static final Logger logger = LoggerFactory.getLogger(BoundedNames.class);

    private final int limit;

    private final Set<String> names = ConcurrentHashMap.newKeySet();

    private final AtomicInteger left;

    private final AtomicBoolean told = new AtomicBoolean();

    BoundedNames(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("The number of names must be positive: " + limit);
        }
        this.limit = limit;
        this.left = new AtomicInteger(limit);
    }

    String bound(String name) {
        if (this.names.contains(name)) {
            return name;
        }
        if (this.left.getAndUpdate(before -> Math.max(0, before - 1)) == 0) {
            tellOnce();
            return OTHER;
        }
        if (!this.names.add(name)) {
            // another thread has added it at the same moment
            this.left.incrementAndGet();
        }
        return name;
    }

    private void tellOnce() {
        if (!this.told.get() && this.told.compareAndSet(false, true)) {
            logger.warn(
                    "More than {} lock names are in use: metrics and observations of all further ones have the name"
                            + " '{}'. Put what varies into the key, or set distributed-lock.metrics.max-names",
                    this.limit,
                    OTHER);
        }
    }
}
