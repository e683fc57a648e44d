package io.github.lockspring.interceptor;

import io.github.lockspring.WovenClasses;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** The aspect woven into classes, with nothing around it. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class WovenLockingConfiguration extends LockingBeans {

    @Bean
    WovenClasses wovenClasses(LockAspectSupport support) {
        return new WovenClasses(support);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockAnnotationValidator validator(LockOperationSource source) {
        return new LockAnnotationValidator(source, LockValidation.FAIL, AdviceMode.ASPECTJ);
    }
}
