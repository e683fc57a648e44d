package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/**
 * Interrupts a thread when the lease of its work is lost, but not after it has left the work. Does not refer to the work:
 * the listener of a lease may stay for as long as the hold, which may be re-entered many times.
 */
final class LossInterrupt {

    /** The thread, while it is inside. Guarded by this. */
    private @Nullable Thread thread;

    /** Whether the interrupt flag of the thread was set here. Guarded by this. */
    private boolean interrupted;

    /** Does work under a lease on the current thread. Called once. */
    <T extends @Nullable Object, E extends Throwable> T call(LockLease lease, LockCallback<T, E> work) throws E {
        enter();
        try {
            lease.onLost(this::interrupt);
            return work.doInLock(lease);
        } finally {
            leave();
        }
    }

    private synchronized void enter() {
        this.thread = Thread.currentThread();
    }

    private synchronized void interrupt() {
        Thread inside = this.thread;
        if (inside != null && !inside.isInterrupted()) {
            this.interrupted = true;
            inside.interrupt();
        }
    }

    /** What runs next on this thread has nothing to do with the lost lease. */
    private synchronized void leave() {
        this.thread = null;
        if (this.interrupted) {
            boolean unused = Thread.interrupted();
        }
    }
}
