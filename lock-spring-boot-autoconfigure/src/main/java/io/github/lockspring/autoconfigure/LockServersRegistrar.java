package io.github.lockspring.autoconfigure;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Registers store, engine and template of every further server, with the life cycle of the primary's. None is a default
 * candidate: what wants a lock bean without qualifier gets the primary's. A bean of the application with the same name
 * stays, and is no default candidate either. Registers before anything asks whether there is a lock bean.
 */
final class LockServersRegistrar implements ImportBeanDefinitionRegistrar {

    private static final String REDIS = "org.springframework.data.redis.connection.RedisConnectionFactory";

    private final Environment environment;

    private final BeanFactory beanFactory;

    LockServersRegistrar(Environment environment, BeanFactory beanFactory) {
        this.environment = environment;
        this.beanFactory = beanFactory;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        LockServers.ids(this.environment, this.beanFactory).forEach(id -> register(id, registry));
    }

    private void register(String id, BeanDefinitionRegistry registry) {
        if (LockServers.isPrimary(id)) {
            return; // The properties refuse it.
        }
        String store = LockServers.storeBean(id);
        String engine = LockServers.engineBean(id);
        if (DistributedLockProperties.store(this.environment) == StoreType.MEMORY) {
            register(store, factory(LockServers.class, "memoryStore"), registry);
        } else if (!ClassUtils.isPresent(REDIS, getClass().getClassLoader())) {
            throw new NoLockStoreException();
        } else {
            register(store, factory(RedisLockStores.class, "ofServer").addConstructorArgValue(id), registry);
            register(store + "Lifecycle", factory(RedisLockStores.class, "lifecycle", store), registry);
        }
        BeanDefinitionBuilder engineFactory =
                factory(LockServers.class, "engine").addConstructorArgValue(id).addConstructorArgReference(store);
        register(engine, engineFactory, registry);
        register(engine + "Lifecycle", factory(LockServers.class, "lifecycle", engine), registry);
        register(LockServers.templateBean(id), factory(LockServers.class, "template", engine), registry);
    }

    static void register(String name, BeanDefinitionBuilder factory, BeanDefinitionRegistry registry) {
        if (!registry.containsBeanDefinition(name)) {
            AbstractBeanDefinition definition = factory.getBeanDefinition();
            definition.setAutowireMode(AbstractBeanDefinition.AUTOWIRE_CONSTRUCTOR);
            registry.registerBeanDefinition(name, definition);
        }
        if (registry.getBeanDefinition(name) instanceof AbstractBeanDefinition definition) {
            definition.setDefaultCandidate(false);
        }
    }

    static BeanDefinitionBuilder factory(Class<?> type, String method, String... references) {
        BeanDefinitionBuilder factory =
                BeanDefinitionBuilder.rootBeanDefinition(type).setFactoryMethod(method);
        for (String reference : references) {
            factory.addConstructorArgReference(reference);
        }
        return factory;
    }
}
