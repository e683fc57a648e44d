package io.github.lockspring.autoconfigure;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskDecorator;

/**
 * Tasks that are decorated before they are known. Decorators take what they carry from the thread that calls them, which
 * must be that of the caller; what is to run comes later, and may be several tasks. Hence one task is decorated that runs
 * whichever is next, again and again, as schedulers do with periodic tasks. What a decorator returns may keep state while
 * it runs: a task that is to run in the meantime runs undecorated. Thread-safe.
 */
final class DecoratedTasks {

    /** What the decorators have returned, {@code null} while it runs. */
    private final AtomicReference<@Nullable Runnable> idle;

    /** Of the thread that has taken it. */
    private @Nullable Runnable next;

    /** Calls the decorators, the first of which is the innermost, as in Spring's {@code CompositeTaskDecorator}. */
    DecoratedTasks(List<TaskDecorator> decorators) {
        Runnable decorated = this::runNext;
        for (TaskDecorator decorator : decorators) {
            decorated = decorator.decorate(decorated);
        }
        this.idle = new AtomicReference<>(decorated);
    }

    Runnable decorate(Runnable task) {
        return () -> run(task);
    }

    private void run(Runnable task) {
        Runnable decorated = this.idle.getAndSet(null);
        if (decorated == null) {
            task.run();
            return;
        }
        this.next = task;
        try {
            decorated.run();
        } finally {
            this.next = null;
            this.idle.set(decorated);
        }
    }

    private void runNext() {
        Runnable task = this.next;
        if (task != null) {
            task.run();
        }
    }
}
