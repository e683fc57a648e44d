package io.github.lockspring.test;

import io.github.lockspring.LockName;
import java.util.List;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on what has become of the locks of a test method: {@code assertThat(locks).wasLocked("order", 42)}. A lock is
 * named by its name and the parts of its key. A message of failure lists what has happened. Calls that enter a lock
 * again that they hold do not count, since they acquire nothing. Where work goes on in other threads, await it, for
 * example by Awaitility's {@code untilAsserted}.
 *
 * @since 0.1
 */
public final class LocksAssert extends AbstractAssert<LocksAssert, TestLocks> {

    LocksAssert(TestLocks actual) {
        super(actual, LocksAssert.class);
    }

    /**
     * A call has acquired the lock.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @return this
     */
    public LocksAssert wasLocked(String name, Object... keyParts) {
        return any(RecordedCall::isAcquired, "to have been acquired", name, keyParts);
    }

    /**
     * So many calls have acquired the lock.
     *
     * @param times how many
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @return this
     */
    public LocksAssert wasLockedTimes(int times, String name, Object... keyParts) {
        long found = count(RecordedCall::isAcquired, name, keyParts);
        return check(found == times, "to have been acquired " + times + " times, not " + found, name, keyParts);
    }

    /**
     * No call has acquired the lock.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @return this
     */
    public LocksAssert wasNotLocked(String name, Object... keyParts) {
        return none(RecordedCall::isAcquired, "not to have been acquired", name, keyParts);
    }

    /**
     * A call has not got the lock because another caller had it for all the time that it could wait: its work was not
     * done under the lock, whether it has returned without a result, called its fallback or thrown an exception. Work
     * that was left out (by {@code OnContention.SKIP}, {@code tryRun} or {@code tryExecute}) since its caller has the lock
     * itself and may not enter it again ({@code reentrant = false}) counts as well; a fallback or an exception in that case
     * does not, since no lock is asked for.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @return this
     */
    public LocksAssert wasSkipped(String name, Object... keyParts) {
        return any(
                RecordedCall::isSkipped,
                "to have been refused to a call because another caller had it",
                name,
                keyParts);
    }

    /**
     * A call has not got the lock because the store has failed.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @return this
     */
    public LocksAssert hadStoreFailure(String name, Object... keyParts) {
        return any(
                RecordedCall::isStoreFailure,
                "to have been refused to a call because the lock store failed",
                name,
                keyParts);
    }

    /**
     * A call that has acquired the lock has released it.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @return this
     */
    public LocksAssert wasReleased(String name, Object... keyParts) {
        return any(RecordedCall::isReleased, "to have been released", name, keyParts);
    }

    /**
     * A call has released the lock after a transaction of its thread was committed, and no call has released it while a
     * transaction of its thread was open. Knows the transactions of threads, of transaction managers that support
     * synchronization and take listeners, as Spring's do. Fails if reactive transactions have begun while the lock was
     * held, and none of its thread: nothing tells which of them belong to it. The message lists them in their order.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @return this
     */
    public LocksAssert wasReleasedAfterCommit(String name, Object... keyParts) {
        none(
                RecordedCall::isOfReactiveTransactions,
                "to have been released after a commit of a thread, but reactive transactions have begun while it was"
                        + " held: wasReleasedAfterCommit cannot tell whether they belong to it. See below whether they"
                        + " have ended before, and use wasReleased",
                name,
                keyParts);
        any(RecordedCall::isReleasedAfterCommit, "to have been released after a commit", name, keyParts);
        return none(
                RecordedCall::isReleasedBeforeEndOfTransaction,
                "not to have been released before the end of a transaction",
                name,
                keyParts);
    }

    /**
     * The lease of a call that had acquired the lock was lost.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @return this
     */
    public LocksAssert wasLost(String name, Object... keyParts) {
        return any(RecordedCall::isLost, "to have been lost", name, keyParts);
    }

    /**
     * A caller of this application holds the lock now.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @return this
     */
    public LocksAssert isHeld(String name, Object... keyParts) {
        return any(RecordedCall::isHeld, "to be held", name, keyParts);
    }

    /**
     * No caller of this application holds the lock now.
     *
     * @param name name of the lock
     * @param keyParts the parts of its key
     * @return this
     */
    public LocksAssert isNotHeld(String name, Object... keyParts) {
        return none(RecordedCall::isHeld, "not to be held", name, keyParts);
    }

    private LocksAssert any(Predicate<RecordedCall> condition, String expectation, String name, Object... keyParts) {
        return check(count(condition, name, keyParts) > 0, expectation, name, keyParts);
    }

    private LocksAssert none(Predicate<RecordedCall> condition, String expectation, String name, Object... keyParts) {
        return check(count(condition, name, keyParts) == 0, expectation, name, keyParts);
    }

    private long count(Predicate<RecordedCall> condition, String name, Object... keyParts) {
        isNotNull();
        LockHistory history = this.actual.history();
        return history.ofCalls(
                LockName.of(name, keyParts),
                (List<RecordedCall> calls) -> calls.stream().filter(condition).count());
    }

    private LocksAssert check(boolean holds, String expectation, String name, Object... keyParts) {
        if (!holds) {
            throw failure(
                    "%nExpecting lock '%s'%n  %s.%s", LockName.of(name, keyParts), expectation, this.actual.history());
        }
        return this;
    }
}
