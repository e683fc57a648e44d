package io.github.lockspring.benchmarks.contender;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Lock;

/** A lock under measurement: one client of its own, shared by the threads of one process. */
public interface Contender extends AutoCloseable {

    /**
     * Returns what a caller keeps that uses a lock again and again: made once, like a lock object.
     *
     * @param key which lock
     * @return the way to use it
     */
    Locking locking(String key);

    /**
     * Locks a free key and keeps its lease alive until closed by the same thread.
     *
     * @param key which lock
     * @return the hold
     */
    default Held hold(String key) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " renews nothing");
    }

    /**
     * Asks once for a free lock, waits for nobody who has it, and gives it back.
     *
     * @param key which lock
     * @return completed once it was had, exceptionally if it was not
     */
    default CompletionStage<?> attempt(String key) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " attempts nothing");
    }

    @Override
    void close();

    /** Uses one lock. */
    @FunctionalInterface
    interface Locking {

        /**
         * Runs a section while nobody else, in any process, runs one under the same key. Waits as long as it takes.
         *
         * @param section what to run
         */
        void run(CriticalSection section);

        /**
         * Uses a lock without fencing tokens.
         *
         * @param lock the lock
         * @return the way to use it
         */
        static Locking of(Lock lock) {
            return section -> {
                lock.lock();
                try {
                    section.run(CriticalSection.NO_TOKEN);
                } finally {
                    lock.unlock();
                }
            };
        }
    }

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
