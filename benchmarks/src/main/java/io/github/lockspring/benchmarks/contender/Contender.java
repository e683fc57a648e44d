package io.github.lockspring.benchmarks.contender;

/** A lock under measurement: one client of its own, shared by the threads of one process. */
public interface Contender extends AutoCloseable {

    /**
     * Runs a section while nobody else, in any process, runs one under the same key. Waits as long as it takes.
     *
     * @param key which lock
     * @param section what to run
     */
    void lock(String key, CriticalSection section);

    /**
     * Locks a free key and keeps its lease alive until closed by the same thread.
     *
     * @param key which lock
     * @return the hold
     */
    default Held hold(String key) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " renews nothing");
    }

    @Override
    void close();

    /** A lock that is kept. */
    interface Held extends AutoCloseable {

        /**
         * Tells whether it is still this client's.
         *
         * @return whether it is held, as far as the client can tell
         */
        boolean isHeld();

        @Override
        void close();
    }
}
