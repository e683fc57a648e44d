package io.github.lockspring.benchmarks.contender;

/** Locks nothing. */
final class NoLockContender implements Contender {

    @Override
    public void lock(String key, CriticalSection section) {
        section.run(CriticalSection.NO_TOKEN);
    }

    @Override
    public void close() {
        // nothing was opened
    }
}
