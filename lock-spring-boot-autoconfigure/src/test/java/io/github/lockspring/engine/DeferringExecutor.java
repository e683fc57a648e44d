package io.github.lockspring.engine;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Runs its tasks when the test says so. */
final class DeferringExecutor implements Executor {

    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
        this.tasks.add(task);
    }

    void runAll() {
        for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
            task.run();
        }
    }
}
