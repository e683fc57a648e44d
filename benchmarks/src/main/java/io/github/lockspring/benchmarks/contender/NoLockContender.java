package io.github.lockspring.benchmarks.contender;

/** Locks nothing. */
final class NoLockContender implements Contender {

    @Override
    public Locking locking(String key) {
        return section -> section.run(CriticalSection.NO_TOKEN);
    }

    @Override
    public void close() {
        // nothing was opened
    }
}
