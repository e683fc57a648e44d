package io.github.lockspring.engine;

import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.TenureId;

/**
 * What the parts of a tenure share: its owner, its phase ({@code REQUESTED → HELD ⇄ RELEASING → GONE}, {@code HELD →
 * LOST}, {@code REQUESTED → GONE}), how long an answer may take, and when the timer must check it. Changed inside the
 * guard only.
 */
final class TenureState {

    enum Phase {
        REQUESTED,
        HELD,
        RELEASING,
        LOST,
        GONE
    }

    final EngineContext engine;

    final QueueGuard guard;

    final LockName name;

    /** The owner by which the store knows this tenure, and its lock. */
    final TenureId id;

    /**
     * Extensions by hand of which this process does not know whether the store has executed them, or will. Unlike that of
     * a renewal, their effect may outlast a later renewal. Guarded by the queue.
     */
    int openExtensions;

    private final EngineTimer timer;

    private volatile Phase phase = Phase.REQUESTED;

    private volatile long lookAt;

    /** How often the connection had changed when the timer last looked. */
    private volatile int connectionChanges;

    /** When the newest request, or release, was sent. */
    private long sentAt;

    TenureState(EngineContext engine, EngineTimer timer, QueueGuard guard, LockName name, long now) {
        this.engine = engine;
        this.timer = timer;
        this.guard = guard;
        this.name = name;
        this.id = TenureId.exclusive(name.fullName(), engine.owners.next());
        this.lookAt = now + EngineTimer.LONGEST_IDLE;
        this.connectionChanges = engine.connectionChanges();
        this.sentAt = now;
    }

    Phase phase() {
        return this.phase;
    }

    void become(Phase phase) {
        this.guard.assertHeld();
        this.phase = phase;
    }

    boolean isRequested() {
        return this.phase == Phase.REQUESTED;
    }

    boolean isHeld() {
        return this.phase == Phase.HELD;
    }

    boolean isReleasing() {
        return this.phase == Phase.RELEASING;
    }

    /** A renewal has failed, or was not answered in time. Told once of each. */
    void renewalFailed(LockStoreException failure) {
        this.engine.monitor.renewalFailed(this.name, failure, this.guard);
    }

    /** A request, or a release, is being sent. */
    void sends(long now) {
        this.guard.assertHeld();
        this.sentAt = now;
        lookEarlier(this.engine.commandTimeout, now);
    }

    /** How much longer the answer to the newest request, or release, may take. */
    long leftToAnswer(long now) {
        return this.sentAt + this.engine.commandTimeout - now;
    }

    /** How long the timer need not look at it. Needs no guard. */
    long idleFor(long now) {
        return this.connectionChanges != this.engine.connectionChanges() ? 0 : this.lookAt - now;
    }

    /**
     * The timer has checked it.
     *
     * @param connectionChanges how often the connection had changed when it began to look
     * @return for how long it does not need to check again, if nothing is due until then
     */
    long looked(long nothingDue, int connectionChanges, long now) {
        this.connectionChanges = connectionChanges;
        long idle = Math.min(nothingDue, EngineTimer.LONGEST_IDLE);
        this.lookAt = now + idle;
        return idle;
    }

    /** Whether the subscription has come or gone, or the connection is a new one, since the timer last looked. */
    boolean isNews(int connectionChanges) {
        return this.connectionChanges != connectionChanges;
    }

    /** Has the timer look at it after a time, at the latest when the pause after its last sweep is over. */
    void lookWithin(long delay, long now) {
        long at = now + delay;
        if (at - this.lookAt < 0) {
            this.lookAt = at;
        }
        this.timer.within(delay, now);
    }

    /** The same, if the timer would not look at it before. */
    void lookEarlier(long delay, long now) {
        if (now + delay - this.lookAt < 0) {
            lookWithin(delay, now);
        }
    }
}
