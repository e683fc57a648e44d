package io.github.lockspring.autoconfigure;

import io.github.lockspring.WovenClasses;
import io.github.lockspring.aspectj.DistributedLockAspect;
import io.github.lockspring.interceptor.LockAspectSupport;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Weaving by the auto-configuration, for classes that a test has woven: their aspect is not the one that the
 * auto-configuration looks for, which only an agent could weave.
 */
@Configuration(proxyBeanMethods = false)
public class WovenLocking {

    /** Contexts whose annotated classes are {@link WovenClasses}. */
    public static ApplicationContextRunner in(ApplicationContextRunner runner) {
        return runner.withUserConfiguration(WovenLocking.class)
                .withPropertyValues("distributed-lock.advice-mode=aspectj");
    }

    @Bean
    WovenAspect distributedLockWovenAspect(LockAspectSupport support) {
        return new WovenAspect(new DistributedLockAspect(), support);
    }

    @Bean
    WovenClasses wovenClasses(LockAspectSupport support) {
        return new WovenClasses(support);
    }
}
