package io.github.lockspring;

import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The leases that the current thread runs under, innermost first. Whoever runs inside a hold re-enters it: re-entry
 * looks here. Blocking acquisitions bind their lease to the calling thread until it is closed; code that carries a
 * lease to another thread {@linkplain #bind binds} it there.
 *
 * @since 0.1
 */
public final class LockContext {

    private static final ThreadLocal<@Nullable Frame> INNERMOST = new ThreadLocal<>();

    private LockContext() {}

    /**
     * Returns the innermost lease of the current thread that is still held.
     *
     * @return the lease, empty outside of any lock
     */
    public static Optional<LockLease> current() {
        return Optional.ofNullable(find(LockLease::isHeld));
    }

    /**
     * Returns the innermost lease of the current thread that matches.
     *
     * @param filter the condition
     * @return the lease, or {@code null}
     */
    public static @Nullable LockLease find(Predicate<? super LockLease> filter) {
        for (Frame frame = INNERMOST.get(); frame != null; frame = frame.outer) {
            if (!frame.closed && filter.test(frame.lease)) {
                return frame.lease;
            }
        }
        return null;
    }

    /**
     * Makes a lease the innermost one of the current thread.
     *
     * @param lease the lease
     * @return ends the binding; closing it on another thread ends it there no later than at that thread's next binding
     */
    public static Scope bind(LockLease lease) {
        Frame outer = INNERMOST.get();
        while (outer != null && outer.closed) {
            outer = outer.outer;
        }
        Frame frame = new Frame(lease, Thread.currentThread(), outer);
        INNERMOST.set(frame);
        return frame;
    }

    /** A binding of a lease to a thread. */
    public sealed interface Scope extends AutoCloseable permits Frame {

        @Override
        void close();
    }

    private static final class Frame implements Scope {

        private final LockLease lease;

        private final Thread thread;

        private final @Nullable Frame outer;

        private volatile boolean closed;

        Frame(LockLease lease, Thread thread, @Nullable Frame outer) {
            this.lease = lease;
            this.thread = thread;
            this.outer = outer;
        }

        @Override
        public void close() {
            this.closed = true;
            if (Thread.currentThread() == this.thread) {
                Frame innermost = INNERMOST.get();
                while (innermost != null && innermost.closed) {
                    innermost = innermost.outer;
                }
                INNERMOST.set(innermost);
            }
        }
    }
}
