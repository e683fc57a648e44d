package io.github.lockspring.interceptor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds methods that share the name of a lock, but not the order in which its waiters are served: some would be served in
 * strict order, and others pass them. Thread-safe.
 */
final class LockFairness {

    private final Map<String, LockOperation> firstOfName = new ConcurrentHashMap<>();

    /** The problem of a method, if the first one of its name has another order. */
    @Nullable LockAnnotationProblem check(LockOperation operation) {
        String name = operation.options().lockName().name();
        LockOperation first = this.firstOfName.putIfAbsent(name, operation);
        if (first == null || isFair(first) == isFair(operation)) {
            return null;
        }
        return operation
                .declaration()
                .problem(
                        "fair = " + isFair(operation),
                        "the lock '" + name + "' is also that of " + first.declaration() + ", which has fair = "
                                + isFair(first),
                        "Give all methods of a name the same value, or this one another name");
    }

    private static boolean isFair(LockOperation operation) {
        return Boolean.TRUE.equals(operation.options().fair());
    }
}
