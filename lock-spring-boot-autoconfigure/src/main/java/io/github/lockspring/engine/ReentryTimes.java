package io.github.lockspring.engine;

import io.github.lockspring.LockRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Warns, once for each lock name, where a hold is entered again by a call that asks for a longer time to hold at least,
 * or for a shorter maximum hold time, than the hold has: those of the call that acquired the lock apply. Thread-safe.
 */
final class ReentryTimes {

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** Allocates nothing where the times of the inner call promise no more than those of the hold. */
    void compare(Hold hold, LockRequest inner) {
        LockRequest outer = hold.request;
        if ((inner.holdAtLeast().compareTo(outer.holdAtLeast()) > 0
                        || inner.maxHoldTime().compareTo(outer.maxHoldTime()) < 0)
                && this.told.add(outer.name().name())) {
            LockLog.otherTimes(outer, inner);
        }
    }
}
