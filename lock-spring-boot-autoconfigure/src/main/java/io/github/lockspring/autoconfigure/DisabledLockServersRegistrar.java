package io.github.lockspring.autoconfigure;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Registers a template of every further server, over the one engine that lets everybody pass. */
final class DisabledLockServersRegistrar implements ImportBeanDefinitionRegistrar {

    private final Environment environment;

    DisabledLockServersRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        for (String id : LockServers.ids(this.environment)) {
            LockServersRegistrar.register(
                    LockServers.templateBean(id),
                    LockServersRegistrar.factory(LockServers.class, "template"),
                    registry);
        }
    }
}
