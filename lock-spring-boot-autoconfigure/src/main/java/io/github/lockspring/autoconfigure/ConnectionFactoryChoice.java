package io.github.lockspring.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Chooses the connection factory: the one that is named, or else the primary or only one. Never guesses. */
final class ConnectionFactoryChoice {

    private final ObjectProvider<RedisConnectionFactory> primary;

    private final ListableBeanFactory beanFactory;

    ConnectionFactoryChoice(ObjectProvider<RedisConnectionFactory> primary, ListableBeanFactory beanFactory) {
        this.primary = primary;
        this.beanFactory = beanFactory;
    }

    RedisConnectionFactory choose(@Nullable String name) {
        RedisConnectionFactory chosen = name != null ? named(name) : this.primary.getIfUnique();
        if (chosen == null) {
            throw new ConnectionFactoryChoiceException(name, candidates());
        }
        return chosen;
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
