package io.github.lockspring.store;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/** Counts visits without synchronisation of its own, so that two visitors at a time are noticed. */
final class GuardedCounter {

    private final AtomicReference<String> inside = new AtomicReference<>();

    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    private int value;

    private long lastNumber;

    /** To be called by whoever has the lock. */
    void visit(String owner, long number) {
        String other = this.inside.getAndSet(owner);
        if (other != null) {
            this.violations.add(owner + " came in while " + other + " was inside");
        }
        int seen = this.value;
        if (number <= this.lastNumber) {
            this.violations.add(owner + " came in with " + number + " after " + this.lastNumber);
        }
        this.lastNumber = number;
        Thread.yield();
        this.value = seen + 1;
        if (!this.inside.compareAndSet(owner, null)) {
            this.violations.add(owner + " was not alone");
        }
    }

    int value() {
        return this.value;
    }

    List<String> violations() {
        return List.copyOf(this.violations);
    }
}
