package io.github.lockspring.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/** Says that nothing is locked; registers nothing. */
final class DisabledLockWarning implements ImportBeanDefinitionRegistrar {

    private static final Logger log = LoggerFactory.getLogger(DisabledLockWarning.class);

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        log.warn("distributed-lock.enabled=false: methods annotated with @DistributedLock run WITHOUT a lock, and"
                + " LockOperations excludes nobody. Remove the property to lock again");
    }
}
