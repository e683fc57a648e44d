package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a lock away from the owner that has it, as if that owner had left. The next waiting owner gets it at once. A
 * holder in another process notices when it renews its lease; one of this process is told immediately, so that the lock
 * is not handed off to its next caller.
 */
final class ForcedRelease {

    private final Tenures tenures;

    private final HolderQuery store;

    ForcedRelease(Tenures tenures, HolderQuery store) {
        this.tenures = tenures;
        this.store = store;
    }

    /**
     * Releases a lock if an owner has it.
     *
     * @param owner the owner that loses it; {@code null} for the present one
     * @return who had it; empty if the lock is free or another owner has it
     */
    Optional<LockHolder> of(LockName name, @Nullable String owner) {
        Optional<LockHolder> present = this.store
                .ask(name)
                .filter(holder -> owner == null || holder.owner().equals(owner));
        present.ifPresent(holder -> remove(name, holder.owner()));
        return present;
    }

    private void remove(LockName name, String owner) {
        Optional<LockHolder> next = this.store.remove(name, owner);
        if (next.isPresent() && next.get().owner().equals(owner)) {
            throw new LockStoreException(
                    name,
                    "Lock '" + name + "' still belongs to " + owner + ": either that is no owner of this library, and"
                            + " the lock must be removed from the store by hand, or it has acquired the lock again",
                    null,
                    LockStoreException.Outcome.REFUSED);
        }
        if (this.tenures.of(owner) instanceof Tenure own) {
            own.state.guard.run(now -> {
                if (own.isHeld()) {
                    own.lost("it was released by force", false, now);
                }
            });
        }
    }
}
