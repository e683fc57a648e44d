package io.github.lockspring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisOperations;

/**
 * Logs in one line what else Spring Boot does with Redis only because the starter has added it: in an application that
 * does not use Redis itself, and has not set the properties concerned. Uses the names of Spring Boot's configuration
 * classes, whose packages differ between its lines.
 */
final class RedisSideEffects implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(RedisSideEffects.class);

    private static final Pattern CACHE = boot("RedisCacheConfiguration");

    private static final Pattern REPOSITORIES = boot("RedisRepositoriesAutoConfiguration");

    private static final Pattern HEALTH = boot("Redis(Reactive)?HealthContributorAutoConfiguration");

    private final ConfigurableListableBeanFactory beanFactory;

    private final Environment environment;

    RedisSideEffects(ConfigurableListableBeanFactory beanFactory, Environment environment) {
        this.beanFactory = beanFactory;
        this.environment = environment;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (log.isInfoEnabled()) {
            List<String> effects = effects();
            if (!effects.isEmpty() && !isRedisUsed()) {
                log.info(
                        "The starter of the distributed locks brings Redis, which Spring Boot uses for more than locks: {}. To"
                                + " suppress this message, set these properties to any value",
                        String.join("; ", effects));
            }
        }
    }

    private List<String> effects() {
        List<String> effects = new ArrayList<>();
        if (isOpen("spring.cache.type") && has(CACHE)) {
            effects.add("caches are stored there (spring.cache.type=simple, caffeine, ... stores them elsewhere)");
        }
        if (isOpen("spring.data.redis.repositories.enabled") && has(REPOSITORIES) && hasOtherRepositories()) {
            effects.add("Spring Data checks whether repositories of other stores are Redis repositories"
                    + " (spring.data.redis.repositories.enabled=false)");
        }
        if (isOpen("management.health.redis.enabled") && has(HEALTH)) {
            effects.add("the health of the application includes the health of Redis"
                    + " (management.health.redis.enabled=false)");
        }
        return effects;
    }

    private boolean isOpen(String property) {
        return !this.environment.containsProperty(property);
    }

    private boolean has(Pattern configuration) {
        return definitions().anyMatch(name -> configuration.matcher(name).matches());
    }

    private boolean hasOtherRepositories() {
        return definitions()
                .anyMatch(name -> BeanOrigin.className(name, this.beanFactory).endsWith("RepositoryFactoryBean"));
    }

    /**
     * Whether a bean that does not belong to Spring Boot uses Redis; beans of this library look it up, and do not
     * count.
     */
    private boolean isRedisUsed() {
        return definitions()
                        .anyMatch(name ->
                                BeanOrigin.className(name, this.beanFactory).endsWith("RedisRepositoryFactoryBean"))
                || Stream.of(RedisConnectionFactory.class, RedisOperations.class)
                        .flatMap(type -> Stream.of(this.beanFactory.getBeanNamesForType(type, true, false)))
                        .flatMap(name ->
                                Stream.concat(Stream.of(name), Stream.of(this.beanFactory.getDependentBeans(name))))
                        .anyMatch(name -> !isOfFramework(name));
    }

    private boolean isOfFramework(String name) {
        String origin = BeanOrigin.of(name, this.beanFactory);
        return origin.startsWith(BeanOrigin.BOOT) || origin.startsWith("org.springframework.data.redis.");
    }

    private Stream<String> definitions() {
        return Stream.of(this.beanFactory.getBeanDefinitionNames());
    }

    private static Pattern boot(String simpleName) {
        return Pattern.compile(Pattern.quote(BeanOrigin.BOOT) + ".*" + simpleName);
    }
}
