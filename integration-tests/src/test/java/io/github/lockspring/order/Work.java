package io.github.lockspring.order;

/** Does something about an argument, under a lock. Public, for proxies. */
@FunctionalInterface
public interface Work {

    /**
     * Does something.
     *
     * @param argument what it is about
     * @return what came out
     */
    Object run(String argument);
}
