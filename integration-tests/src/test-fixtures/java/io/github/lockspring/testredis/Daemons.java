package io.github.lockspring.testredis;

/** Threads that keep no JVM alive. */
final class Daemons {

    private Daemons() {}

    static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
