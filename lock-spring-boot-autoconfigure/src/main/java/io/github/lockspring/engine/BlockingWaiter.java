package io.github.lockspring.engine;

import io.github.lockspring.LockRequest;
import java.util.concurrent.locks.LockSupport;

/** A caller whose thread is parked meanwhile. */
final class BlockingWaiter extends Waiter {

    /** An error may have kept another thread from waking this one. */
    private static final long LONGEST_SLEEP = 10_000 * Nanos.MILLI;

    private final Thread thread = Thread.currentThread();

    BlockingWaiter(LockRequest request, EngineContext engine, long now) {
        super(request, engine, now, true);
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

    /** Parks until the queue has settled this caller, which happens at its deadline at the latest. */
    void await(Place queue) {
        while (!settled()) {
            if (Thread.interrupted()) {
                queue.withdraw(this, Refusal.interrupted());
                this.thread.interrupt();
                return;
            }
            long sleep = queue.look(this);
            if (sleep > 0) {
                this.engine.clock.park(queue, Math.min(sleep, LONGEST_SLEEP));
            }
        }
    }
}
