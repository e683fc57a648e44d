package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.LockAspectSupport;
import io.github.lockspring.interceptor.LockOperationSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/**
 * Runs calls under their lock. Created with the first proxy, which may be while any bean is created: to have the bean factory
 * injected would make the container look for it by type, and create other beans for that.
 */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
final class LockAspectSupportConfiguration implements BeanFactoryAware {

    @SuppressWarnings("NullAway.Init")
    private ListableBeanFactory beanFactory;

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = (ListableBeanFactory) beanFactory;
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    LockAspectSupport distributedLockAspectSupport(LockOperationSource distributedLockOperationSource) {
        AnnotationLocks locks = new AnnotationLocks(this.beanFactory);
        return new LockAspectSupport(distributedLockOperationSource, locks, locks::ofTasks, this.beanFactory);
    }
}
