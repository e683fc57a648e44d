package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.AsyncResults;
import io.github.lockspring.web.WebResults;
import java.util.List;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/** Holds the locks of Spring MVC's asynchronous results, in servlet applications with Spring MVC. */
@Configuration(proxyBeanMethods = false)
@Conditional(OnSpringMvc.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
final class LockWebMvcConfiguration {

    /** What holds the locks of such methods, nothing where Spring MVC does not handle their results. */
    static List<AsyncResults> results(Environment environment) {
        return OnSpringMvc.matches(environment) ? List.of(new WebResults()) : List.of();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockedReturnValues distributedLockReturnValues() {
        return new LockedReturnValues();
    }
}
