package io.github.lockspring.order;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Writes down what happens, and whether that was under a lock. */
class Journal {

    private final List<String> entries = new CopyOnWriteArrayList<>();

    void add(String entry) {
        this.entries.add(LockContext.current().filter(LockLease::isHeld).isPresent() ? entry + ", locked" : entry);
    }

    List<String> entries() {
        return this.entries;
    }

    /** A body that does nothing else. */
    @Nullable Object body() {
        add("body");
        return null;
    }
}
