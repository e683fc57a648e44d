package io.github.lockspring.autoconfigure;

import io.github.lockspring.LeaseReleaseStrategy;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.interceptor.MockitoMocks;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * What annotated methods lock with: a template of their own over the engine of the nearest context. The
 * {@link LockOperations} bean is for code; a test that mocks it must not switch off annotations. Only where there is no
 * engine, because the application brings operations and no store, are these used.
 */
final class AnnotationLocks implements Supplier<LockOperations> {

    private final ListableBeanFactory beanFactory;

    AnnotationLocks(ListableBeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    @Override
    public LockOperations get() {
        return over(() -> this.beanFactory
                .getBeanProvider(LeaseReleaseStrategy.class)
                .getIfAvailable(() -> LeaseReleaseStrategy.IMMEDIATE));
    }

    /** The same for work that runs on another thread, and not in the transaction of the thread that asks for the lock. */
    LockOperations ofTasks() {
        return over(() -> LeaseReleaseStrategy.IMMEDIATE);
    }

    private LockOperations over(Supplier<LeaseReleaseStrategy> releases) {
        LockEngine engine = NearestBean.find(this.beanFactory, LockEngine.class);
        if (engine != null) {
            return new LockTemplate(
                    engine,
                    this.beanFactory.getBean(LockSettings.class),
                    releases.get(),
                    this.beanFactory.getBean(LockTaskExecution.class));
        }
        LockOperations operations = operations();
        if (MockitoMocks.isMock(operations)) {
            throw new IllegalStateException(
                    "The only lock bean is a mock of LockOperations, and would not run the methods"
                            + " that are annotated with @DistributedLock: set distributed-lock.store=memory to have them locked");
        }
        return operations;
    }

    /** Refuses, while the context starts, what the first call could not choose from. */
    void check() {
        if (NearestBean.find(this.beanFactory, LockEngine.class) == null) {
            operations();
        }
    }

    /** Names of operations that annotated methods do not lock with, though they may do something of their own. */
    List<String> bypassed() {
        if (NearestBean.names(this.beanFactory, LockEngine.class).isEmpty()) {
            return List.of();
        }
        return Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                        this.beanFactory, LockOperations.class, true, false))
                .filter(name -> this.beanFactory.getType(name, false) != LockTemplate.class)
                .toList();
    }

    private LockOperations operations() {
        String template = DistributedLockAutoConfiguration.TEMPLATE;
        LockOperations operations =
                this.beanFactory.containsBean(template) && this.beanFactory.isTypeMatch(template, LockOperations.class)
                        ? this.beanFactory.getBean(template, LockOperations.class)
                        : NearestBean.find(this.beanFactory, LockOperations.class);
        return operations != null ? operations : this.beanFactory.getBean(LockOperations.class);
    }
}
