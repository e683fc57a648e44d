package io.github.lockspring.benchmarks.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that the worker processes of one machine share, to see what a lock protects without asking Redis: who is
 * inside, a counter that is read and written without any atomicity, and the greatest fencing token so far.
 */
public final class Arena {

    /** Most locks of a run that can be watched. */
    public static final int SLOTS = 4096;

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** One cache line and its neighbour for each lock. */
    private static final int SLOT_BYTES = 128;

    private static final int OCCUPANT = 0;

    private static final int COUNTER = 8;

    private static final int TOKEN = 16;

    private static final int RELEASED_AT = 24;

    private static final int RELEASED_BY = 32;

    private static final int WAITING = 40;

    private final ByteBuffer memory;

    private Arena(ByteBuffer memory) {
        this.memory = memory;
    }

    /**
     * Opens the file, creating it if need be.
     *
     * @param file the file
     * @return its memory
     */
    public static Arena open(Path file) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            return new Arena(channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOTS * SLOT_BYTES)
                    .order(ByteOrder.nativeOrder()));
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot map " + file, ex);
        }
    }

    /** Forgets everything. Called between runs. */
    public void clear() {
        for (int offset = 0; offset < SLOTS * SLOT_BYTES; offset += Long.BYTES) {
            set(0, offset, 0);
        }
    }

    /**
     * Returns how often all slots were entered, less what was lost because two were inside at once.
     *
     * @return the sum of the counters
     */
    public long sum() {
        long sum = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            sum += get(slot, COUNTER);
        }
        return sum;
    }

    /** Enters a lock; returns how many rules that broke. */
    int enter(int slot, long caller, long fencingToken) {
        int violations = 0;
        if (get(slot, OCCUPANT) != 0) {
            violations++;
        }
        set(slot, OCCUPANT, caller);
        if (fencingToken >= 0) {
            if (fencingToken <= inside(slot, TOKEN)) {
                violations++;
            }
            setInside(slot, TOKEN, fencingToken);
        }
        setInside(slot, COUNTER, inside(slot, COUNTER) + 1);
        return violations;
    }

    /** Leaves a lock; returns how many rules that broke. */
    int leave(int slot, long caller) {
        int violations = get(slot, OCCUPANT) == caller ? 0 : 1;
        set(slot, OCCUPANT, 0);
        return violations;
    }

    void released(int slot, int worker, long nanoTime) {
        set(slot, RELEASED_AT, nanoTime);
        set(slot, RELEASED_BY, worker + 1L);
    }

    long releasedAt(int slot) {
        return get(slot, RELEASED_AT);
    }

    int releasedBy(int slot) {
        return (int) get(slot, RELEASED_BY) - 1;
    }

    void waiting(int worker, boolean waiting) {
        set(worker, WAITING, waiting ? 1 : 0);
    }

    boolean isWaiting(int worker) {
        return get(worker, WAITING) != 0;
    }

    /** What only those inside touch needs no fence of its own: leaving has one. */
    private long inside(int slot, int field) {
        return (long) LONGS.getOpaque(this.memory, slot * SLOT_BYTES + field);
    }

    private void setInside(int slot, int field, long value) {
        LONGS.setOpaque(this.memory, slot * SLOT_BYTES + field, value);
    }

    private long get(int slot, int field) {
        return (long) LONGS.getVolatile(this.memory, slot * SLOT_BYTES + field);
    }

    private void set(int slot, int field, long value) {
        LONGS.setVolatile(this.memory, slot * SLOT_BYTES + field, value);
    }
}
