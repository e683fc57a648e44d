package io.github.lockspring.observation;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.util.Optional;

/** A method that is skipped if another caller has its lock. */
class LockedWork {

    @DistributedLock(name = "order", key = "#id", onContention = OnContention.SKIP)
    Optional<String> ship(int id) {
        return Optional.of("shipped");
    }
}
