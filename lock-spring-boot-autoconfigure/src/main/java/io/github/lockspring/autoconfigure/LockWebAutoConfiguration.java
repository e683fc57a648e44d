package io.github.lockspring.autoconfigure;

import io.github.lockspring.web.LockExceptionAdvice;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ControllerAdvice;

/**
 * What web applications answer where a lock is not acquired. Comes behind other auto-configurations: of two advices
 * without order, the one that is registered first is asked first.
 *
 * @since 0.1
 */
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@AutoConfiguration(after = DistributedLockAutoConfiguration.class)
@Conditional(OnLockingEnabled.class)
@ConditionalOnWebApplication
@ConditionalOnClass({ControllerAdvice.class, ProblemDetail.class})
@ConditionalOnProperty(name = "distributed-lock.web.enabled", matchIfMissing = true)
@EnableConfigurationProperties(DistributedLockProperties.class)
public final class LockWebAutoConfiguration {

    LockWebAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    LockExceptionAdvice distributedLockExceptionAdvice(DistributedLockProperties properties) {
        return new LockExceptionAdvice(
                HttpStatusCode.valueOf(properties.web().contendedStatus()),
                HttpStatusCode.valueOf(properties.web().unavailableStatus()));
    }
}
