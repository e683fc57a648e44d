package io.github.lockspring.autoconfigure;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;

/**
 * The primary or only bean of a type, of the nearest context that has any. Beans of further servers do not count, not
 * even where they are the only ones.
 */
final class NearestBean {

    private NearestBean() {}

    static <T> @Nullable T find(ListableBeanFactory beanFactory, Class<T> type) {
        if (Stream.of(beanFactory.getBeanNamesForType(type, true, false)).anyMatch(name -> counts(name, beanFactory))) {
            try {
                return beanFactory.getBeanProvider(type).getIfAvailable();
            } catch (NoUniqueBeanDefinitionException ex) {
                throw new AmbiguousLockBeansException(
                        type, ex.getBeanNamesFound() != null ? ex.getBeanNamesFound() : List.of());
            }
        }
        return beanFactory instanceof HierarchicalBeanFactory hierarchy
                        && hierarchy.getParentBeanFactory() instanceof ListableBeanFactory parent
                ? find(parent, type)
                : null;
    }

    private static boolean counts(String name, ListableBeanFactory beanFactory) {
        return !(beanFactory instanceof ConfigurableListableBeanFactory factory
                && factory.containsBeanDefinition(name)
                && factory.getBeanDefinition(name) instanceof AbstractBeanDefinition definition
                && !definition.isDefaultCandidate());
    }
}
