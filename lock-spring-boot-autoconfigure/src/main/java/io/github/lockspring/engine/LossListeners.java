package io.github.lockspring.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of one hold. Those of leases that have been closed are forgotten each time their number may have
 * doubled: a hold that is re-entered often would collect them. Guarded by the queue.
 */
final class LossListeners {

    private List<LossListener> listeners = List.of();

    /** How many there may be until those that are over are forgotten. */
    private int most = 1;

    /** Adds one to those of a hold, if it has any. */
    static LossListeners with(@Nullable LossListeners present, LossListener listener) {
        LossListeners listeners = present != null ? present : new LossListeners();
        listeners.add(listener);
        return listeners;
    }

    static List<LossListener> all(@Nullable LossListeners present) {
        return present != null ? present.listeners : List.of();
    }

    private void add(LossListener listener) {
        if (this.listeners.isEmpty()) {
            this.listeners = new ArrayList<>(2);
        } else if (this.listeners.size() >= this.most) {
            this.listeners.removeIf(LossListener::isOver);
            this.most = 2 * this.listeners.size() + 1;
        }
        this.listeners.add(listener);
    }
}
