package io.github.lockspring.autoconfigure;

import io.github.lockspring.store.DaemonThreads;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs callbacks of the application: stages of asynchronous acquisitions and loss listeners. A few threads that end when
 * idle. Not one of Spring's executors, which refuse tasks as soon as the context begins to close: leases can be lost
 * until the engine is closed.
 */
final class CallbackExecutor extends ThreadPoolExecutor {

    private static final int THREADS = 8;

    CallbackExecutor() {
        super(THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), DaemonThreads.named("callback"));
        allowCoreThreadTimeOut(true);
    }
}
