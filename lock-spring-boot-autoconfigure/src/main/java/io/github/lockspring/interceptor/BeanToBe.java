package io.github.lockspring.interceptor;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * A bean that has not been created: it is lazy, of another scope, or the application is only being built.
 *
 * @param name the name of the bean
 * @param type its class, as far as that is known
 * @param exact whether its class will be this one, not a subclass
 */
record BeanToBe(String name, Class<?> type, boolean exact) {

    static Stream<BeanToBe> in(ConfigurableListableBeanFactory beanFactory) {
        return Arrays.stream(beanFactory.getBeanDefinitionNames())
                .filter(name -> !beanFactory.containsSingleton(name))
                .map(name -> find(name, beanFactory))
                .filter(Objects::nonNull);
    }

    private static @Nullable BeanToBe find(String name, ConfigurableListableBeanFactory beanFactory) {
        BeanDefinition definition = beanFactory.getMergedBeanDefinition(name);
        Class<?> type = definition.isAbstract() ? null : beanFactory.getType(name, false);
        if (type == null || Modifier.isAbstract(type.getModifiers())) {
            return null;
        }
        boolean exact = definition instanceof RootBeanDefinition root
                && root.getFactoryMethodName() == null
                && root.getInstanceSupplier() == null
                && root.hasBeanClass()
                && root.getBeanClass() == type;
        return new BeanToBe(name, type, exact);
    }
}
