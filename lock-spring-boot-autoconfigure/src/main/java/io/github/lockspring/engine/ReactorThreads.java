package io.github.lockspring.engine;

import org.jspecify.annotations.Nullable;

/** The threads that Reactor marks as not to be blocked, where Reactor is on the class path. */
final class ReactorThreads {

    private final @Nullable Class<?> nonBlocking = nonBlocking();

    private static @Nullable Class<?> nonBlocking() {
        try {
            return Class.forName("reactor.core.scheduler.NonBlocking", false, ReactorThreads.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError ex) {
            return null;
        }
    }

    boolean isNonBlocking(Thread thread) {
        return this.nonBlocking != null && this.nonBlocking.isInstance(thread);
    }
}
