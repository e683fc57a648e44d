package io.github.lockspring.web;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import org.jspecify.annotations.Nullable;

/** The thread that does the work of a request: its lease is bound to it, and it is not interrupted after it has left. */
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
    static WorkingThread enter(LockLease lease) {
        return new WorkingThread(LockContext.bind(lease));
    }

    synchronized void interrupt() {
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
