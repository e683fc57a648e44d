package io.github.lockspring.interceptor;

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Makes sure that proxies are created, also with {@code spring.aop.auto=false}, and without AspectJ. Proxies are of the
 * bean's class unless {@code spring.aop.proxy-target-class=false}. Post-processors get the proxy of a bean with
 * annotated methods, not the bare bean, in circular references, too.
 *
 * @since 0.1
 */
public final class LockProxyRegistrar implements ImportBeanDefinitionRegistrar {

    private static final String EARLY_PROXIES = "distributedLockEarlyProxies";

    private final Environment environment;

    /**
     * Creates a registrar.
     *
     * @param environment has the property for the kind of proxies
     */
    public LockProxyRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
        if (this.environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true)) {
            AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(registry);
        }
        if (!registry.containsBeanDefinition(EARLY_PROXIES)) {
            registry.registerBeanDefinition(EARLY_PROXIES, infrastructure(EarlyProxies.class));
            RootBeanDefinition end = infrastructure(EarlyProxies.End.class);
            end.getConstructorArgumentValues().addIndexedArgumentValue(0, new RuntimeBeanReference(EARLY_PROXIES));
            registry.registerBeanDefinition(EARLY_PROXIES + "End", end);
        }
    }

    private static RootBeanDefinition infrastructure(Class<?> type) {
        RootBeanDefinition definition = new RootBeanDefinition(type);
        definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
        return definition;
    }
}
