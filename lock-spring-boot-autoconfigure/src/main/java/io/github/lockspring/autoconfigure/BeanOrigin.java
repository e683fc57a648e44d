package io.github.lockspring.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Which class declares a bean: its configuration, or its own. */
final class BeanOrigin {

    static final String BOOT = "org.springframework.boot.";

    private BeanOrigin() {}

    /** The name of the class; that of the bean if it has no definition. */
    static String of(String bean, ConfigurableListableBeanFactory beanFactory) {
        BeanDefinition definition = definition(bean, beanFactory);
        return definition == null
                ? bean
                : definition.getFactoryBeanName() != null
                        ? className(definition.getFactoryBeanName(), beanFactory)
                        : className(bean, beanFactory);
    }

    static String className(String bean, ConfigurableListableBeanFactory beanFactory) {
        BeanDefinition definition = definition(bean, beanFactory);
        return definition != null && definition.getBeanClassName() != null ? definition.getBeanClassName() : "";
    }

    private static @Nullable BeanDefinition definition(String bean, ConfigurableListableBeanFactory beanFactory) {
        return beanFactory.containsBeanDefinition(bean) ? beanFactory.getBeanDefinition(bean) : null;
    }
}
