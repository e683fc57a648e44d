package io.github.lockspring.benchmarks.contender;

/** A lock that tells of its loss only when it is unlocked. */
final class KeptUntilUnlocked implements Contender.Held {

    private final Runnable unlock;

    KeptUntilUnlocked(Runnable unlock) {
        this.unlock = unlock;
    }

    @Override
    public boolean isHeld() {
        return true;
    }

    @Override
    public void close() {
        this.unlock.run();
    }
}
