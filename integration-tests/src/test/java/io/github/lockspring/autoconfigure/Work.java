package io.github.lockspring.autoconfigure;

/** Does what it is told, under a lock. Public, as its implementations are in other packages. */
@FunctionalInterface
public interface Work {

    /**
     * Does something.
     *
     * @param key what it is about
     * @param body what to do
     */
    void run(String key, Runnable body);
}
