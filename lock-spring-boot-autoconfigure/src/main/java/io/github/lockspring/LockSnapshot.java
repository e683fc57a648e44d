package io.github.lockspring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one process holds and waits for, at about one moment: each entry was true when it was read, and locks may have
 * come and gone between the first and the last one.
 *
 * @param held holds that have not ended
 * @param waiting calls that have neither a lock nor a refusal yet
 * @since 0.1
 */
public record LockSnapshot(List<Held> held, List<Waiting> waiting) {

    /** Nothing. */
    public static final LockSnapshot EMPTY = new LockSnapshot(List.of(), List.of());

    /**
     * Creates a snapshot.
     *
     * @param held holds that have not ended
     * @param waiting calls that have neither a lock nor a refusal yet
     */
    public LockSnapshot {
        held = List.copyOf(held);
        waiting = List.copyOf(waiting);
    }

    /**
     * A hold.
     *
     * @param name the lock
     * @param owner by which the store knows this process as the holder
     * @param fencingToken its token
     * @param heldFor how long ago it began
     * @param remaining for how much longer its lease is proven unless it is renewed
     * @param thread the thread that acquired it; {@code null} for an asynchronous call
     */
    public record Held(
            LockName name,
            String owner,
            long fencingToken,
            Duration heldFor,
            Duration remaining,
            @Nullable Thread thread) {}

    /**
     * A call.
     *
     * @param name the lock
     * @param waitedFor how long ago it has asked
     * @param thread the thread that waits; {@code null} for an asynchronous call
     */
    public record Waiting(
            LockName name, Duration waitedFor, @Nullable Thread thread) {}
}
