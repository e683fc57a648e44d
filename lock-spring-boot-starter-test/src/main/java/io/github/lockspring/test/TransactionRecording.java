package io.github.lockspring.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecutionListener;

/** Adds a recorder of its transactions to every transaction manager that takes listeners. */
final class TransactionRecording implements BeanPostProcessor {

    private final ObjectProvider<LockHistory> history;

    TransactionRecording(ObjectProvider<LockHistory> history) {
        this.history = history;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof ConfigurableTransactionManager manager) {
            LockHistory present = this.history.getObject();
            List<TransactionExecutionListener> listeners =
                    new CopyOnWriteArrayList<>(manager.getTransactionExecutionListeners());
            listeners.add(
                    bean instanceof PlatformTransactionManager
                            ? new TransactionRecorder(present)
                            : new ReactiveTransactionRecorder(present));
            manager.setTransactionExecutionListeners(listeners);
        }
        return bean;
    }
}
