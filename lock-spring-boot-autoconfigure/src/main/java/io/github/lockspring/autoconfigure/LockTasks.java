package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.store.DaemonThreads;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Runs the work of asynchronous calls on the executor that the application has named or, if it has none of that name, on
 * threads of its own; with the thread-local values of the caller that Micrometer's context propagation knows, where
 * that is on the class path.
 */
final class LockTasks implements LockTaskExecution, SmartInitializingSingleton, DisposableBean {

    /** The executor that Spring Boot configures, unless the application has one. */
    static final String DEFAULT_EXECUTOR = "applicationTaskExecutor";

    static final String PROPERTY = "distributed-lock.task-executor";

    private static final int THREADS = 8;

    private static final boolean CAPTURES =
            ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory", LockTasks.class.getClassLoader());

    /** Only needed where the application has no executor; it has no threads until it is used. */
    private final ThreadPoolExecutor own = DaemonThreads.pool("task", THREADS, Integer.MAX_VALUE);

    /** Looked up by the first call: executors may need beans that are not there earlier. */
    private final SingletonSupplier<Executor> executor;

    private final BeanFactory beanFactory;

    private final @Nullable String executorName;

    LockTasks(BeanFactory beanFactory, @Nullable String executorName) {
        this.beanFactory = beanFactory;
        this.executorName = executorName;
        this.executor = SingletonSupplier.of(() -> {
            if (executorName != null) {
                return beanFactory.getBean(executorName, Executor.class);
            }
            return beanFactory.containsBean(DEFAULT_EXECUTOR)
                            && beanFactory.isTypeMatch(DEFAULT_EXECUTOR, Executor.class)
                    ? beanFactory.getBean(DEFAULT_EXECUTOR, Executor.class)
                    : this.own;
        });
    }

    /** Otherwise the first asynchronous call would find it out. */
    @Override
    public void afterSingletonsInstantiated() {
        String name = this.executorName;
        if (name == null) {
            return;
        }
        boolean isThere = this.beanFactory.containsBean(name);
        if (!isThere || !this.beanFactory.isTypeMatch(name, Executor.class)) {
            throw new InvalidLockPropertiesException(List.of(new PropertyProblem(
                    PROPERTY,
                    name,
                    isThere ? "that bean is not a java.util.concurrent.Executor" : "there is no bean of that name",
                    "set the name of an Executor bean, or remove the property")));
        }
    }

    @Override
    public Executor capture() {
        Executor chosen = this.executor.obtain();
        return CAPTURES ? Captured.on(chosen) : chosen;
    }

    @Override
    public void destroy() {
        this.own.shutdown();
    }

    /** Loaded only where Micrometer's context propagation is there. */
    private static final class Captured {

        private static final ContextSnapshotFactory SNAPSHOTS =
                ContextSnapshotFactory.builder().build();

        private static Executor on(Executor executor) {
            return SNAPSHOTS.captureAll().wrapExecutor(executor);
        }
    }
}
