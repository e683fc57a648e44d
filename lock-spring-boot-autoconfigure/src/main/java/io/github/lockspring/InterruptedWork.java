package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/** Work whose thread is interrupted when its lease is lost, but not after it has left the work. */
final class InterruptedWork<T extends @Nullable Object, E extends Throwable> implements LockCallback<T, E> {

    private final LockCallback<T, E> work;

    /** The thread, while it is inside. Guarded by this. */
    private @Nullable Thread thread;

    /** Whether the interrupt flag of the thread was set here. Guarded by this. */
    private boolean interrupted;

    InterruptedWork(LockCallback<T, E> work) {
        this.work = work;
    }

    @Override
    public T doInLock(LockLease lease) throws E {
        enter();
        try {
            lease.onLost(this::interrupt);
            return this.work.doInLock(lease);
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
