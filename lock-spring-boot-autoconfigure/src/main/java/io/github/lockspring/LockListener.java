package io.github.lockspring;

/**
 * Is told what happens to the locks of this process. All beans of this type are told of one event after the other, each
 * hold's in order ({@link LockEvent}), on one thread of the library that serves nothing else: a listener that takes long
 * delays all others, and events that cannot be kept for it are dropped, which is logged. What it throws is logged, and
 * keeps nothing from the others. One that locks is told of its own locks, too: it must leave those out.
 *
 * <p>Applications that are only interested in some events may use {@code @EventListener} methods instead.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface LockListener {

    /**
     * Something has happened to a lock.
     *
     * @param event what has happened
     */
    void onLockEvent(LockEvent event);
}
