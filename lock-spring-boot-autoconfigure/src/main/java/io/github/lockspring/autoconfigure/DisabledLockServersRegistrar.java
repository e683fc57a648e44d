package io.github.lockspring.autoconfigure;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Registers a template of every further server, over the one engine that lets everybody pass. */
final class DisabledLockServersRegistrar implements ImportBeanDefinitionRegistrar {

    private final Environment environment;

    private final BeanFactory beanFactory;

    DisabledLockServersRegistrar(Environment environment, BeanFactory beanFactory) {
        this.environment = environment;
        this.beanFactory = beanFactory;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        for (String id : LockServers.ids(this.environment, this.beanFactory)) {
            LockServersRegistrar.register(
                    LockServers.templateBean(id),
                    LockServersRegistrar.factory(LockServers.class, "template"),
                    registry);
        }
    }
}
