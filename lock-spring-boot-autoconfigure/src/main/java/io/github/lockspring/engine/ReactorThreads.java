package io.github.lockspring.engine;

import org.jspecify.annotations.Nullable;

/** The threads that Reactor marks as non-blocking, if Reactor is on the class path. */
final class ReactorThreads {

    private static final @Nullable Class<?> NON_BLOCKING = nonBlocking();

    private ReactorThreads() {}

    private static @Nullable Class<?> nonBlocking() {
        try {
            return Class.forName("reactor.core.scheduler.NonBlocking", false, ReactorThreads.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError ex) {
            return null;
        }
    }

    static boolean isNonBlocking(Thread thread) {
        return NON_BLOCKING != null && NON_BLOCKING.isInstance(thread);
    }
}
