package io.github.lockspring.process;

/** What the processes under test do, one at a time per key. */
interface ExclusiveWork {

    /** Works as soon as the lock is free. */
    void await(String key, Runnable work);

    /** Works if the lock is free, and throws otherwise. */
    void attempt(String key, Runnable work);
}
