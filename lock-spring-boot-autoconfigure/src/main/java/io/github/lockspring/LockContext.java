package io.github.lockspring;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The leases that the current thread runs under, innermost first. Code that runs inside a hold re-enters it: re-entry
 * looks up the hold here. Blocking acquisitions bind their lease to the calling thread until it is closed; code that
 * carries a lease to another thread {@linkplain #bind binds} it there.
 *
 * <p>A thread may run something else while it waits: a worker of a {@link java.util.concurrent.ForkJoinPool} (parallel
 * streams, {@code CompletableFuture}) that joins a task may run another one in the meantime. If that task asks for a
 * lock that the worker holds, it re-enters, and both are inside at the same time. Do not join inside a hold on such a
 * thread, or {@linkplain #isolate isolate} the tasks.
 *
 * <p>A thread refers only to types of the JDK and to bindings that have not ended. Closing a binding, from any thread,
 * removes its lease from the thread immediately: a pooled thread must not keep an undeployed application in memory.
 *
 * @since 0.1
 */
public final class LockContext {

    private static final Only NONE = new Only(List.of());

    /** The innermost binding of each thread; created with the first binding. */
    private static final ThreadLocal<@Nullable AtomicReference<@Nullable Frame>> INNERMOST = new ThreadLocal<>();

    private LockContext() {}

    /** Takes the place of a lease whose work is over while its hold is not. */
    private record Kept(LockLease shown) {}

    /** Takes the place of a lease in a binding that hides the outer ones. */
    private record Only(List<LockLease> leases) {

        /** Those that were closed are no longer bound to anything, although they are still here. */
        @Nullable LockLease find(Predicate<? super LockLease> filter) {
            for (LockLease lease : this.leases) {
                if (!lease.isClosed() && filter.test(lease)) {
                    return lease;
                }
            }
            return null;
        }
    }

    /**
     * Returns the innermost lease of the current thread whose work is not over, even if it has been lost: {@code
     * current().ifPresent(LockLease::ensureHeld)} throws then. If work must have a lock, use {@link #required()}. Where
     * there is none, the innermost one that is held until the end of a transaction.
     *
     * @return the lease, empty outside of any lock
     */
    public static Optional<LockLease> current() {
        LockLease running = findRunning(lease -> true);
        return Optional.ofNullable(running != null ? running : find(lease -> true));
    }

    /**
     * Returns the innermost lease that the current thread has of a lock, even if it has been lost. Locks of the same
     * name and key in different stores are not distinguished.
     *
     * @param name the name of the lock
     * @param keyParts the parts of its key, if any
     * @return the lease, empty if the thread does not run under this lock
     * @throws LockKeyException if the name is null or blank, or a part cannot identify a lock
     */
    public static Optional<LockLease> current(String name, Object... keyParts) {
        return current(LockName.of(name, keyParts));
    }

    /**
     * Returns the innermost lease that the current thread has of a lock, see {@link #current(String, Object...)}.
     *
     * @param options which lock; all other options are ignored
     * @return the lease, empty if the thread does not run under this lock
     */
    public static Optional<LockLease> current(LockOptions options) {
        return current(options.lockName());
    }

    private static Optional<LockLease> current(LockName name) {
        return Optional.ofNullable(find(lease -> lease.fullName().equals(name.fullName())));
    }

    /**
     * Returns the lease that {@link #current()} shows, even if it has been lost. For work that must run under a lock,
     * for example because it uses its fencing token.
     *
     * @return the lease
     * @throws IllegalStateException if the thread does not run under a lock
     */
    public static LockLease required() {
        return current()
                .orElseThrow(() -> new IllegalStateException("Thread '"
                        + Thread.currentThread().getName()
                        + "' does not hold a lock: call this inside a method annotated"
                        + " with @DistributedLock, called through its proxy, or inside LockOperations.execute (with"
                        + " distributed-lock.enabled=false, annotated methods have no lease). A lease from acquireAsync,"
                        + " or of another thread, counts only after LockContext.bind has bound it to this thread"));
    }

    /**
     * Returns if every lease that the current thread runs under is held, and throws otherwise: work inside of several
     * locks relies on all of them.
     *
     * @throws LeaseLostException if one was lost, the innermost such
     * @throws IllegalStateException if one was closed, or outside of any lock
     */
    public static void ensureHeld() {
        required();
        find(lease -> {
            lease.ensureHeld();
            return false;
        });
    }

    /**
     * Returns the innermost lease of the current thread that matches.
     *
     * @param filter the condition
     * @return the lease, or {@code null}
     */
    public static @Nullable LockLease find(Predicate<? super LockLease> filter) {
        return find(filter, true);
    }

    /**
     * Returns the innermost lease of the current thread that matches and whose work is not over.
     *
     * @param filter the condition
     * @return the lease, or {@code null}
     */
    public static @Nullable LockLease findRunning(Predicate<? super LockLease> filter) {
        return find(filter, false);
    }

    private static @Nullable LockLease find(Predicate<? super LockLease> filter, boolean kept) {
        AtomicReference<@Nullable Frame> innermost = INNERMOST.get();
        for (Frame frame = innermost != null ? innermost.get() : null; frame != null; frame = frame.outer) {
            Object bound = frame.get();
            if (bound instanceof Only only) {
                return only.find(filter);
            }
            LockLease lease =
                    bound instanceof Kept over && kept ? over.shown : bound instanceof LockLease own ? own : null;
            if (lease != null && filter.test(lease)) {
                return lease;
            }
        }
        return null;
    }

    /**
     * Says that a lease of the current thread is held for longer than its work lasts, as the one of a transaction is.
     * From now on it stands behind the leases of running work. For a {@link LeaseReleaseStrategy}.
     *
     * @param lease a lease that is bound to the current thread
     * @param shown the lease that callers see in its place
     * @return whether it is bound to the current thread
     */
    public static boolean keep(LockLease lease, LockLease shown) {
        AtomicReference<@Nullable Frame> innermost = INNERMOST.get();
        for (Frame frame = innermost != null ? innermost.get() : null; frame != null; frame = frame.outer) {
            if (frame.compareAndSet(lease, new Kept(shown))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes a lease the innermost one of the current thread.
     *
     * @param lease the lease
     * @return ends the binding, from any thread
     */
    public static Scope bind(LockLease lease) {
        return push(lease);
    }

    /**
     * Hides the leases that the current thread runs under now, until the scope is closed: what runs inside acquires
     * those locks like any other caller, and waits for them. For frameworks that run a task on a borrowed thread,
     * possibly one that is waiting for something else, as a worker of a {@link java.util.concurrent.ForkJoinPool} does
     * when it joins: the task would otherwise re-enter a hold that is not its own. Leases that are bound inside are
     * seen.
     *
     * <p>A task that blocks for a lock that its own thread holds further out waits until its wait time is over: no
     * other thread can release it. Use a short wait time for such tasks, or run them on threads of their own.
     *
     * @return ends the isolation, from any thread
     */
    public static Scope isolate() {
        return push(NONE);
    }

    /**
     * Makes leases the only ones of the current thread, until the scope is closed: those that it runs under now are
     * hidden, as by {@link #isolate()}. For frameworks that have a thread run a part of something that goes on from
     * thread to thread, as a pipeline does. A lease that is closed in the meantime is no longer seen.
     *
     * @param leases the leases, innermost first
     * @return ends the bindings, from any thread
     */
    public static Scope bindOnly(List<? extends LockLease> leases) {
        return push(new Only(List.copyOf(leases)));
    }

    /**
     * Returns if nothing is bound to the current thread, so that there is nothing to hide.
     *
     * @return whether the thread runs under no lease and is not isolated
     */
    public static boolean isEmpty() {
        AtomicReference<@Nullable Frame> innermost = INNERMOST.get();
        return innermost == null || innermost.get() == null;
    }

    private static Scope push(Object bound) {
        AtomicReference<@Nullable Frame> innermost = INNERMOST.get();
        if (innermost == null) {
            innermost = new AtomicReference<>();
            INNERMOST.set(innermost);
        }
        Frame frame = new Frame(bound, innermost);
        innermost.lazySet(frame);
        return frame;
    }

    /** A binding of a lease to a thread, or an isolation from the outer bindings. */
    public sealed interface Scope extends AutoCloseable permits Frame {

        @Override
        void close();
    }

    /**
     * An element of the stack of one thread, and its lease or isolation until it is closed. Only its own thread pushes;
     * the thread that closes an element, whichever it is, unlinks all closed elements. A closed element is empty and
     * stays so. It is therefore harmless to unlink an element twice, or to link one again that another thread has just
     * unlinked: the next close removes it, and the last close, which finds all elements closed, removes the whole
     * stack.
     */
    private static final class Frame extends AtomicReference<@Nullable Object> implements Scope {

        private static final long serialVersionUID = 1L;

        private final AtomicReference<@Nullable Frame> innermost;

        private @Nullable Frame outer;

        Frame(Object bound, AtomicReference<@Nullable Frame> innermost) {
            this.innermost = innermost;
            this.outer = open(innermost.get());
            lazySet(bound);
        }

        /** This is nearly always the innermost binding, for which one write is enough. */
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
