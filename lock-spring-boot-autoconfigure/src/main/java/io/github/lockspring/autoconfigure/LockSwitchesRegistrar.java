package io.github.lockspring.autoconfigure;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Puts into a bean definition, and so into generated code, the properties by which beans are defined. */
final class LockSwitchesRegistrar implements ImportBeanDefinitionRegistrar {

    private final Environment environment;

    LockSwitchesRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        LockServersRegistrar.register(
                "distributedLockSwitches",
                LockServersRegistrar.factory(LockSwitches.class, "of")
                        .addConstructorArgValue(LockSwitches.values(this.environment)),
                registry);
    }
}
