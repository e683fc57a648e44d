package io.github.lockspring.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Chooses a connection factory: the one that is named, or else the primary or only one of the nearest context that has
 * any. Never guesses.
 */
final class ConnectionFactoryChoice {

    private final ListableBeanFactory beanFactory;

    ConnectionFactoryChoice(ListableBeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    /**
     * Chooses.
     *
     * @param property the property that names it, for the message
     * @param name the name, {@code null} if the property is not set
     */
    RedisConnectionFactory choose(String property, @Nullable String name) {
        RedisConnectionFactory chosen = name != null
                ? named(name)
                : this.beanFactory.getBeanProvider(RedisConnectionFactory.class).getIfUnique();
        if (chosen == null) {
            throw new ConnectionFactoryChoiceException(property, name, candidates());
        }
        return chosen;
    }

    /** Whether Spring Boot has made it, so that properties under {@code spring.data.redis} configure it. */
    boolean isOfSpringBoot(RedisConnectionFactory chosen) {
        BeanFactory each = this.beanFactory;
        while (each instanceof ConfigurableListableBeanFactory context) {
            for (String name : context.getBeanNamesForType(RedisConnectionFactory.class, true, false)) {
                if (context.getSingleton(name) == chosen) {
                    return BeanOrigin.of(name, context).startsWith(BeanOrigin.BOOT);
                }
            }
            each = context.getParentBeanFactory();
        }
        return false;
    }

    private @Nullable RedisConnectionFactory named(String name) {
        return this.beanFactory.containsBean(name) && this.beanFactory.isTypeMatch(name, RedisConnectionFactory.class)
                ? this.beanFactory.getBean(name, RedisConnectionFactory.class)
                : null;
    }

    private List<String> candidates() {
        return List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                this.beanFactory, RedisConnectionFactory.class, true, false));
    }
}
