package io.github.lockspring.web;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import org.jspecify.annotations.Nullable;

/**
 * The thread that does the work of a request: its lease is bound to it, and the loss of that may interrupt it, but not
 * after it has left the work. Does not refer to the lease: the engine gives a lock back whose lease nothing refers to.
 */
final class WorkingThread {

    private final LockContext.Scope scope;

    /** The thread, while it is inside. Guarded by this. */
    private @Nullable Thread thread = Thread.currentThread();

    /** Whether the interrupt flag of the thread was set here. Guarded by this. */
    private boolean interrupted;

    private WorkingThread(LockContext.Scope scope) {
        this.scope = scope;
    }

    /** The current thread begins. */
    static WorkingThread enter(LockLease lease, boolean interruptsWhenLost) {
        WorkingThread entered = new WorkingThread(LockContext.bind(lease));
        if (interruptsWhenLost) {
            lease.onLost(entered::interrupt);
        }
        return entered;
    }

    private synchronized void interrupt() {
        Thread inside = this.thread;
        if (inside != null && !inside.isInterrupted()) {
            this.interrupted = true;
            inside.interrupt();
        }
    }

    /** What runs next on this thread has nothing to do with the lease. */
    void leave() {
        this.scope.close();
        synchronized (this) {
            this.thread = null;
            if (this.interrupted) {
                boolean unused = Thread.interrupted();
            }
        }
    }
}
