package io.github.lockspring.test;

import io.github.lockspring.LockName;
import java.time.Duration;
import org.assertj.core.api.AssertProvider;

/**
 * Controls the locks of a test, and asserts what has become of them. A bean of tests with {@link AutoConfigureTestLocks}.
 * What it brings about lasts until it is undone, or until the end of the test method.
 *
 * <pre class="code">
 * locks.holdElsewhere("order", 42);
 * orders.ship(42);
 * assertThat(locks).wasSkipped("order", 42);</pre>
 *
 * <p>Locks are named as in {@link LockName#of(String, Object...)}: by their name and the parts of their key. Thread-safe.
 *
 * @since 0.1
 */
public final class TestLocks implements AssertProvider<LocksAssert> {

    private final ControlledLockStore store;

    private final LockHistory history;

    TestLocks(ControlledLockStore store, LockHistory history) {
        this.store = store;
        this.history = history;
    }

    /**
     * Has another process hold a lock, until {@link #releaseElsewhere} or the end of the test method.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @throws IllegalStateException if a caller of this application has the lock
     */
    public void holdElsewhere(String name, Object... keyParts) {
        LockName lock = LockName.of(name, keyParts);
        if (!this.store.holdElsewhere(lock.fullName())) {
            throw new IllegalStateException("Another process cannot hold lock '" + lock
                    + "', because this application has it. Take it away first, by loseLease." + this.history);
        }
    }

    /**
     * Has the other process release a lock: it goes to the caller that has waited longest, if there is one.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @throws IllegalStateException if it is not held as by {@link #holdElsewhere}
     */
    public void releaseElsewhere(String name, Object... keyParts) {
        LockName lock = LockName.of(name, keyParts);
        if (!this.store.releaseElsewhere(lock.fullName())) {
            throw new IllegalStateException(
                    "Another process cannot release lock '" + lock + "', because it does not hold it");
        }
    }

    /**
     * Takes a lock away from the caller of this application that has it, as if its lease had passed unrenewed: the lock is
     * free in the store, and the application knows that the lease is lost when this method returns. Listeners
     * ({@code LockLease.onLost}) run on their own threads, perhaps later.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @throws IllegalStateException if no caller of this application has the lock
     */
    public void loseLease(String name, Object... keyParts) {
        LockName lock = LockName.of(name, keyParts);
        if (!this.store.loseLease(lock.fullName())) {
            throw new IllegalStateException("The lease of lock '" + lock
                    + "' cannot be lost, because no caller of this application has the lock." + this.history);
        }
    }

    /**
     * Has every command to the store take a time from now on: it is executed when that is over. A time that is longer
     * than {@code distributed-lock.redis.command-timeout} makes the outcome of each command unknown.
     *
     * @param time how long, zero to undo it
     */
    public void slowDown(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("Time " + time + " is negative: use zero or more");
        }
        this.store.faults.slowDown(time);
    }

    /**
     * Has the next commands to the store fail, as if it could not be reached: they are not executed. A caller that has
     * time to wait asks again, so that its call fails only if all its commands do.
     *
     * @param commands how many: each acquisition, renewal and release is one; zero to undo it
     */
    public void failNextCommands(int commands) {
        if (commands < 0) {
            throw new IllegalArgumentException("Number of commands " + commands + " is negative: use zero or more");
        }
        this.store.faults.failNext(commands);
    }

    /** Has every command to the store fail from now on, as if it could not be reached. */
    public void failAllCommands() {
        this.store.faults.failNext(Integer.MAX_VALUE);
    }

    /**
     * Forgets what has happened, so that assertions are about what happens from then on, and undoes all that the test has
     * brought about; which locks are held is still known. Called after each test method. What callers of the application
     * hold, they keep, and so does the test itself: only after the test method, leases that it has left open on its thread
     * are closed, and the test fails. A command that {@link #slowDown} still delays is executed at once.
     */
    public void reset() {
        this.history.clear();
        this.store.reset();
    }

    /** Forgets what has happened. */
    void forget() {
        this.history.clear();
    }

    LockHistory history() {
        return this.history;
    }

    /**
     * Called by AssertJ's {@code assertThat}.
     *
     * @return assertions on what has become of the locks
     * @deprecated for AssertJ only: use {@code assertThat(locks)}
     */
    @Override
    @Deprecated
    public LocksAssert assertThat() {
        return new LocksAssert(this);
    }

    /** Lists what has happened. */
    @Override
    public String toString() {
        return "Locks of the test." + this.history;
    }
}
