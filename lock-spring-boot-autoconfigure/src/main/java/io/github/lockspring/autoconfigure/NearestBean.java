package io.github.lockspring.autoconfigure;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.beans.factory.support.AbstractBeanDefinition;

/**
 * The primary or only bean of a type, of the nearest context that has any. Beans of further servers do not count, not
 * even where they are the only ones.
 */
final class NearestBean {

    private NearestBean() {}

    static <T> @Nullable T find(ListableBeanFactory beanFactory, Class<T> type) {
        ListableBeanFactory nearest = nearest(beanFactory, type);
        try {
            return nearest != null ? nearest.getBeanProvider(type).getIfAvailable() : null;
        } catch (NoUniqueBeanDefinitionException ex) {
            throw new AmbiguousLockBeansException(
                    type, ex.getBeanNamesFound() != null ? ex.getBeanNamesFound() : List.of());
        }
    }

    /** The names of all that there are in that context; creates none. */
    static List<String> names(ListableBeanFactory beanFactory, Class<?> type) {
        ListableBeanFactory nearest = nearest(beanFactory, type);
        return nearest != null ? candidates(nearest, type).toList() : List.of();
    }

    /** All that this context has. */
    static <T> List<T> here(ListableBeanFactory beanFactory, Class<T> type) {
        return candidates(beanFactory, type)
                .map(name -> beanFactory.getBean(name, type))
                .toList();
    }

    /** A singleton of the nearest context that has one of that name; {@code null} if it does not exist yet. */
    static @Nullable Object ifCreated(BeanFactory beanFactory, String name) {
        if (beanFactory instanceof SingletonBeanRegistry context && context.containsSingleton(name)) {
            return context.getSingleton(name);
        }
        BeanFactory parent =
                beanFactory instanceof HierarchicalBeanFactory hierarchy ? hierarchy.getParentBeanFactory() : null;
        return parent != null ? ifCreated(parent, name) : null;
    }

    private static @Nullable ListableBeanFactory nearest(ListableBeanFactory beanFactory, Class<?> type) {
        if (candidates(beanFactory, type).findAny().isPresent()) {
            return beanFactory;
        }
        return beanFactory instanceof HierarchicalBeanFactory hierarchy
                        && hierarchy.getParentBeanFactory() instanceof ListableBeanFactory parent
                ? nearest(parent, type)
                : null;
    }

    private static Stream<String> candidates(ListableBeanFactory beanFactory, Class<?> type) {
        return Stream.of(beanFactory.getBeanNamesForType(type, true, false)).filter(name -> counts(name, beanFactory));
    }

    private static boolean counts(String name, ListableBeanFactory beanFactory) {
        return !(beanFactory instanceof ConfigurableListableBeanFactory factory
                && factory.containsBeanDefinition(name)
                && factory.getBeanDefinition(name) instanceof AbstractBeanDefinition definition
                && !definition.isDefaultCandidate());
    }
}
