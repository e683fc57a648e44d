package io.github.lockspring.benchmarks.contender;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.annotation.DistributedLock;

/** A service with an annotated method. */
class LockedService {

    @DistributedLock(name = "benchmarks", key = "#key")
    public void run(String key, CriticalSection section) {
        section.run(LockContext.current().map(LockLease::fencingToken).orElseThrow());
    }
}
