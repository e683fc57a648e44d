package io.github.lockspring.observation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names of locks as tags: those that come first are themselves, all further ones are {@value #OTHER}. An application that
 * puts ids into names would have a time series for each otherwise. To be shared by what is to know a lock by one name.
 * Thread-safe.
 *
 * @since 0.1
 */
public final class BoundedNames {

    /** Stands for all names beyond the limit. */
    static final String OTHER = "other";

    private static final Logger logger = LoggerFactory.getLogger(BoundedNames.class);

    private final int limit;

    private final Set<String> names = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * Creates a set without names.
     *
     * @param limit how many names are themselves
     * @throws IllegalArgumentException if that is less than one
     */
    public BoundedNames(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("The number of names must be positive: " + limit);
        }
        this.limit = limit;
    }

    String bound(String name) {
        // there may be no room because another thread has just added this name
        if (this.names.contains(name)
                || this.names.size() < this.limit && addIfThereIsRoom(name)
                || this.names.contains(name)) {
            return name;
        }
        tellOnce();
        return OTHER;
    }

    /** Whether it is one of these names now, be it that another thread has added it at the same moment. */
    private synchronized boolean addIfThereIsRoom(String name) {
        return this.names.contains(name) || this.names.size() < this.limit && this.names.add(name);
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
