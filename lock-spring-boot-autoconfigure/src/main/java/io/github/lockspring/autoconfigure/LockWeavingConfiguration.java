package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.LockAspectSupport;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** Annotated methods are locked by the aspect that AspectJ has woven into them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "distributed-lock.advice-mode", havingValue = "aspectj")
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
final class LockWeavingConfiguration {

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    WovenAspect distributedLockWovenAspect(LockAspectSupport support) {
        return new WovenAspect(support);
    }
}
