package io.github.lockspring.engine;

import io.github.lockspring.LockRequest;
import java.util.concurrent.locks.LockSupport;

/** A caller whose thread is parked while it waits. */
final class BlockingWaiter extends Waiter {

    /** An error may have kept another thread from waking this one. */
    private static final long LONGEST_SLEEP = 10_000 * Nanos.MILLI;

    private final Thread thread = Thread.currentThread();

    /** Whether an interrupt ends the waiting. */
    private final boolean interruptible;

    BlockingWaiter(LockRequest request, EngineContext engine, long now, boolean interruptible) {
        super(request, engine, now, true);
        this.interruptible = interruptible;
    }

    /** A caller that has a hold need not enter the guard again to begin, nor wait for what is sent there. */
    @Override
    void notice(QueueGuard guard) {
        if (Thread.currentThread() == this.thread) {
            return;
        }
        if (this.hold != null) {
            LockSupport.unpark(this.thread);
        } else {
            guard.wake(this.thread);
        }
    }

    @Override
    Thread thread() {
        return this.thread;
    }

    /**
     * Parks until the queue has settled this caller, which happens at its deadline at the latest. A thread with its
     * interrupt flag set would not park: the flag is cleared in the meantime.
     */
    void await(Place queue) {
        boolean interrupted = false;
        try {
            while (!settled()) {
                if (Thread.interrupted()) {
                    interrupted = true;
                    if (this.interruptible) {
                        queue.withdraw(this, Refusal.interrupted());
                        return;
                    }
                }
                long sleep = queue.look(this);
                if (sleep > 0) {
                    this.engine.clock.park(queue, Math.min(sleep, LONGEST_SLEEP));
                }
            }
        } finally {
            if (interrupted) {
                this.thread.interrupt();
            }
        }
    }
}
