package io.github.lockspring.autoconfigure;

import io.github.lockspring.transaction.CommitGuard;
import io.github.lockspring.transaction.ReactiveCommitGuard;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionManager;

/**
 * Adds a {@link CommitGuard} to every {@link PlatformTransactionManager} bean that takes listeners, and a {@link
 * ReactiveCommitGuard} to every {@link ReactiveTransactionManager}, unless it has one, and warns of those that do not take
 * any. When the context has started, it looks at those that no post-processor has seen, because they were created
 * earlier or belong to a parent context; it creates no bean.
 */
final class CommitGuardPostProcessor implements BeanPostProcessor, BeanFactoryAware, SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(CommitGuardPostProcessor.class);

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private @Nullable ListableBeanFactory beanFactory;

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = (ListableBeanFactory) beanFactory;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        guard(bean, beanName);
        return bean;
    }

    @Override
    public void afterSingletonsInstantiated() {
        ListableBeanFactory beans = this.beanFactory;
        if (beans == null) {
            return;
        }
        for (String name :
                BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, TransactionManager.class, false, false)) {
            Object manager = NearestBean.ifCreated(beans, name);
            // a FactoryBean is found under the name of what it makes, which a post-processor sees
            if (manager != null) {
                guard(manager, name);
            }
        }
    }

    private void guard(Object bean, String beanName) {
        if (bean instanceof PlatformTransactionManager) {
            guard(bean, beanName, CommitGuard.class, CommitGuard::new);
        } else if (bean instanceof ReactiveTransactionManager) {
            guard(bean, beanName, ReactiveCommitGuard.class, ReactiveCommitGuard::new);
        }
    }

    private void guard(
            Object manager,
            String beanName,
            Class<? extends TransactionExecutionListener> type,
            Supplier<? extends TransactionExecutionListener> guard) {
        if (!(manager instanceof ConfigurableTransactionManager configurable)) {
            warn(manager, beanName, "");
            return;
        }
        Collection<TransactionExecutionListener> present = configurable.getTransactionExecutionListeners();
        if (present.stream().anyMatch(type::isInstance)) {
            return;
        }
        // not added to the present ones: that may be a collection of the application, and one that is in use
        List<TransactionExecutionListener> listeners = new CopyOnWriteArrayList<>(present);
        listeners.add(guard.get());
        try {
            configurable.setTransactionExecutionListeners(listeners);
        } catch (RuntimeException ex) {
            warn(manager, beanName, " (" + ex + ")");
        }
    }

    private void warn(Object manager, String beanName, String reason) {
        if (this.told.add(beanName)) {
            logger.warn(
                    "Transaction manager '{}' ({}) takes no TransactionExecutionListener{}: its transactions are committed"
                            + " even if a lease that they rely on is lost. Call LockContext.ensureHeld() as the last"
                            + " step of each transaction under a lock, or use a transaction manager that extends"
                            + " AbstractPlatformTransactionManager or AbstractReactiveTransactionManager",
                    beanName,
                    manager.getClass().getName(),
                    reason);
        }
    }
}
