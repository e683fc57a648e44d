package io.github.lockspring.interceptor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.interceptor.AsyncUncaughtExceptionHandler;
import org.springframework.aop.interceptor.SimpleAsyncUncaughtExceptionHandler;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.scheduling.annotation.AsyncConfigurer;

/**
 * Reports tasks without a future that no executor has taken, since their callers have gone on: to the handler of the
 * application for failures of asynchronous methods, or else to the log. Thread-safe.
 */
record UncaughtFailures(BeanFactory beanFactory) {

    private static final Logger logger = LoggerFactory.getLogger(UncaughtFailures.class);

    void handle(Throwable failure, ProxyMethodInvocation task) {
        AsyncUncaughtExceptionHandler handler = handler(failure);
        try {
            (handler != null ? handler : new SimpleAsyncUncaughtExceptionHandler())
                    .handleUncaughtException(failure, task.getMethod(), task.getArguments());
        } catch (RuntimeException ex) {
            ex.addSuppressed(failure);
            logger.warn("The AsyncUncaughtExceptionHandler has failed for {}", task.getMethod(), ex);
        }
    }

    private @Nullable AsyncUncaughtExceptionHandler handler(Throwable failure) {
        try {
            AsyncConfigurer configurer =
                    this.beanFactory.getBeanProvider(AsyncConfigurer.class).getIfUnique();
            return configurer != null ? configurer.getAsyncUncaughtExceptionHandler() : null;
        } catch (BeansException | IllegalStateException ex) {
            // as while the application shuts down
            failure.addSuppressed(ex);
            return null;
        }
    }
}
