package io.github.lockspring;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The leases that the current thread runs under, innermost first. Whoever runs inside a hold re-enters it: re-entry
 * looks here. Blocking acquisitions bind their lease to the calling thread until it is closed; code that carries a
 * lease to another thread {@linkplain #bind binds} it there.
 *
 * <p>What a thread refers to are types of the JDK, and bindings that have not ended. Closing one from any thread takes
 * its lease out of the thread at once: a thread of a pool must not keep an application alive that has been undeployed.
 *
 * @since 0.1
 */
public final class LockContext {

    /** The innermost binding of each thread; made by its first one. */
    private static final ThreadLocal<@Nullable AtomicReference<@Nullable Frame>> INNERMOST = new ThreadLocal<>();

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
        AtomicReference<@Nullable Frame> innermost = INNERMOST.get();
        for (Frame frame = innermost != null ? innermost.get() : null; frame != null; frame = frame.outer) {
            LockLease lease = frame.get();
            if (lease != null && filter.test(lease)) {
                return lease;
            }
        }
        return null;
    }

    /**
     * Makes a lease the innermost one of the current thread.
     *
     * @param lease the lease
     * @return ends the binding, from any thread
     */
    public static Scope bind(LockLease lease) {
        AtomicReference<@Nullable Frame> innermost = INNERMOST.get();
        if (innermost == null) {
            innermost = new AtomicReference<>();
            INNERMOST.set(innermost);
        }
        Frame frame = new Frame(lease, innermost);
        innermost.lazySet(frame);
        return frame;
    }

    /** A binding of a lease to a thread. */
    public sealed interface Scope extends AutoCloseable permits Frame {

        @Override
        void close();
    }

    /**
     * An element of the stack of one thread, and its lease until it is closed. Its own thread alone pushes; whichever
     * thread closes one unlinks every closed one. A closed one is empty and stays so, which makes it harmless to unlink
     * one twice, or to link one again that another thread has just unlinked: the next close does away with it, and the
     * last one, which sees that all are closed, with the whole stack.
     */
    private static final class Frame extends AtomicReference<@Nullable LockLease> implements Scope {

        private static final long serialVersionUID = 1L;

        private final AtomicReference<@Nullable Frame> innermost;

        private @Nullable Frame outer;

        Frame(LockLease lease, AtomicReference<@Nullable Frame> innermost) {
            this.innermost = innermost;
            this.outer = open(innermost.get());
            lazySet(lease);
        }

        /** Nearly always this is the innermost one, and one write does. */
        @Override
        public void close() {
            lazySet(null);
            Frame next = this.outer;
            if (!this.innermost.compareAndSet(this, next) || next != open(next)) {
                set(null);
                unlinkClosed();
            }
        }

        private void unlinkClosed() {
            Frame first;
            Frame open;
            do {
                first = this.innermost.get();
                open = open(first);
            } while (first != open && !this.innermost.compareAndSet(first, open));
            while (open != null) {
                open.outer = open(open.outer);
                open = open.outer;
            }
        }

        /** The first one that is not closed, from here outwards. */
        private static @Nullable Frame open(@Nullable Frame frame) {
            Frame open = frame;
            while (open != null && open.get() == null) {
                open = open.outer;
            }
            return open;
        }
    }
}
