package io.github.lockspring.autoconfigure;

import java.util.Collection;
import java.util.List;

/** It is not clear which of several beans locks must use. */
final class AmbiguousLockBeansException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> candidates;

    /**
     * Creates an exception.
     *
     * @param type the required type
     * @param candidates names of the beans of that type
     */
    AmbiguousLockBeansException(Class<?> type, Collection<String> candidates) {
        super("There are " + candidates.size() + " " + type.getSimpleName()
                + " beans and none of them is primary: it is not clear which one methods annotated with"
                + " @DistributedLock must use");
        this.candidates = List.copyOf(candidates);
    }

    List<String> candidates() {
        return this.candidates;
    }
}
