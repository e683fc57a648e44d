package io.github.lockspring.engine;

import java.lang.reflect.InvocationTargetException;

/** Virtual threads, for tests that are compiled for a Java without them. */
final class VirtualThreads {

    static final String REASON = "Virtual threads exist from JDK 21 on";

    private VirtualThreads() {}

    static Thread start(Runnable task) {
        try {
            return (Thread)
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        } catch (InvocationTargetException ex) {
            throw new IllegalStateException(ex.getCause());
        } catch (ReflectiveOperationException ex) {
            throw new IllegalStateException(REASON, ex);
        }
    }
}
