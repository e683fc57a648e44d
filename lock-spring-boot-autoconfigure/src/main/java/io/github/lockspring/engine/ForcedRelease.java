package io.github.lockspring.engine;

import io.github.lockspring.LockException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
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
        return ask(name)
                .filter(holder -> owner == null || holder.owner().equals(owner))
                .filter(holder -> remove(name, holder.owner()));
    }

    /** Without an answer, nothing has been taken away. */
    private Optional<LockHolder> ask(LockName name) {
        try {
            return this.store.ask(name);
        } catch (LockStoreException ex) {
            throw StoreFailures.isUnknown(ex) ? failed(name, ex, Outcome.NOT_EXECUTED) : ex;
        }
    }

    /** Whether it was this command that took the lock away: another one may do so at the same moment. */
    private boolean remove(LockName name, String owner) {
        boolean removed;
        try {
            removed = this.store.remove(name, owner);
        } catch (LockInterruptedException ex) {
            throw failed(name, ex, Outcome.UNKNOWN);
        }
        if (removed) {
            lost(owner);
        }
        check(name, owner);
        return removed;
    }

    /** At once: what the store says after that may take long. */
    private void lost(String owner) {
        if (this.tenures.of(owner) instanceof Tenure own) {
            own.state.guard.run(now -> {
                if (own.isHeld()) {
                    own.lost("it was released by force", false, now);
                }
            });
        }
    }

    private void check(LockName name, String owner) {
        Optional<LockHolder> next;
        try {
            next = this.store.look(name);
        } catch (LockStoreException | LockInterruptedException ex) {
            throw failed(name, ex, Outcome.UNKNOWN);
        }
        if (next.isPresent() && next.get().owner().equals(owner)) {
            throw new LockStoreException(
                    name,
                    "Lock '" + name + "' still belongs to " + owner + ": either that is no owner of this library, and"
                            + " the lock must be removed from the store by hand, or it has acquired the lock again",
                    null,
                    Outcome.REFUSED);
        }
    }

    private static LockStoreException failed(LockName name, LockException failure, Outcome outcome) {
        return new LockStoreException(name, String.valueOf(failure.getMessage()), failure, outcome);
    }
}
