package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.interceptor.LockOperationSource;
import io.github.lockspring.store.DaemonThreads;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.task.TaskDecorator;

/**
 * Runs the work of asynchronous calls on the executor that the application has named or, if it has none of that name, on
 * threads of its own; with the {@linkplain CallerValues thread-local values} of the caller.
 */
final class LockTasks implements LockTaskExecution, SmartInitializingSingleton, DisposableBean {

    /** The executor that Spring Boot configures, unless the application has one. */
    static final String DEFAULT_EXECUTOR = "applicationTaskExecutor";

    static final String PROPERTY = "distributed-lock.task-executor";

    private static final int THREADS = 8;

    /** Only needed where the application has no executor; it has no threads until it is used. */
    private final ThreadPoolExecutor own = DaemonThreads.pool("task", THREADS, Integer.MAX_VALUE);

    /**
     * Looked up by the first call, unless it is known before that there will be one. Perhaps by several at the same time: no
     * call waits for another one, which may wait for a bean that this one creates.
     */
    private volatile @Nullable Executor executor;

    /** All of them: which of its executors the application applies them to is not known. Looked up as the executor is. */
    private volatile @Nullable List<TaskDecorator> decorators;

    private final BeanFactory beanFactory;

    private final @Nullable String executorName;

    private final BiConsumer<String, Executor> inspection;

    /**
     * Creates an execution.
     *
     * @param executorName the bean that the application has named
     * @param inspection looks at the application's executor before it gets its first task
     */
    LockTasks(BeanFactory beanFactory, @Nullable String executorName, BiConsumer<String, Executor> inspection) {
        this.beanFactory = beanFactory;
        this.executorName = executorName;
        this.inspection = inspection;
    }

    /** Otherwise the first asynchronous call would find it out. */
    @Override
    public void afterSingletonsInstantiated() {
        String name = this.executorName;
        if (name != null) {
            check(name);
        }
        LockOperationSource methods =
                this.beanFactory.getBeanProvider(LockOperationSource.class).getIfUnique();
        if (name != null || methods != null && methods.hasAsynchronous()) {
            Executor unused = executor();
        }
    }

    private void check(String name) {
        boolean isThere = this.beanFactory.containsBean(name);
        if (!isThere || !this.beanFactory.isTypeMatch(name, Executor.class)) {
            throw new InvalidLockPropertiesException(List.of(new PropertyProblem(
                    PROPERTY,
                    name,
                    isThere ? "that bean is not a java.util.concurrent.Executor" : "there is no bean of that name",
                    "set the name of an Executor bean, or remove the property")));
        }
    }

    private Executor executor() {
        Executor known = this.executor;
        if (known == null) {
            known = choose();
            this.executor = known;
        }
        return known;
    }

    private List<TaskDecorator> decorators() {
        List<TaskDecorator> known = this.decorators;
        if (known == null) {
            known = this.beanFactory
                    .getBeanProvider(TaskDecorator.class)
                    .orderedStream()
                    .toList();
            this.decorators = known;
        }
        return known;
    }

    private Executor choose() {
        String name = this.executorName;
        if (name == null) {
            if (!this.beanFactory.containsBean(DEFAULT_EXECUTOR)
                    || !this.beanFactory.isTypeMatch(DEFAULT_EXECUTOR, Executor.class)) {
                return this.own;
            }
            name = DEFAULT_EXECUTOR;
        }
        Executor chosen = this.beanFactory.getBean(name, Executor.class);
        this.inspection.accept(name, chosen);
        return chosen;
    }

    @Override
    public Executor capture() {
        return CallerValues.capture(decorators()).on(executor());
    }

    @Override
    public UnaryOperator<Runnable> captureValues() {
        return CallerValues.capture(decorators())::with;
    }

    @Override
    public void destroy() {
        this.own.shutdown();
    }
}
