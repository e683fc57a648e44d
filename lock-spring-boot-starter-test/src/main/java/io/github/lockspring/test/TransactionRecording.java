package io.github.lockspring.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecutionListener;

/** Adds a {@link TransactionRecorder} to every transaction manager that takes listeners. */
final class TransactionRecording implements BeanPostProcessor {

    private final ObjectProvider<LockHistory> history;

    TransactionRecording(ObjectProvider<LockHistory> history) {
        this.history = history;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof PlatformTransactionManager && bean instanceof ConfigurableTransactionManager manager) {
            List<TransactionExecutionListener> listeners =
                    new CopyOnWriteArrayList<>(manager.getTransactionExecutionListeners());
            listeners.add(new TransactionRecorder(this.history.getObject()));
            manager.setTransactionExecutionListeners(listeners);
        }
        return bean;
    }
}
