package io.github.lockspring.interceptor;

import io.github.lockspring.LockOperations;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/** What the aspect consists of, however it gets around methods. */
class LockingBeans {

    @Bean
    RecordingLocks locks() {
        return new RecordingLocks();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockOperationSource operationSource(ConfigurableBeanFactory beanFactory) {
        return new LockOperationSource(beanFactory::resolveEmbeddedValue);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockAspectSupport aspectSupport(
            LockOperationSource source, ObjectProvider<LockOperations> operations, BeanFactory beanFactory) {
        return new LockAspectSupport(source, operations::getObject, beanFactory);
    }
}
