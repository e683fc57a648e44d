package io.github.lockspring.samples.support;

import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts a Redis unless one is named, and names it to Spring Boot, so that the show itself can use it as any
 * application does. It is the bean {@link SharedServer}, and ends with the context.
 */
public final class EmbeddedRedisInitializer implements ApplicationContextInitializer<GenericApplicationContext> {

    @Override
    public void initialize(GenericApplicationContext context) {
        SharedServer redis = EmbeddedRedis.unlessGiven(context.getEnvironment());
        context.registerBean(SharedServer.class, () -> redis);
        context.getEnvironment()
                .getPropertySources()
                .addLast(new MapPropertySource("embedded Redis", Map.copyOf(redis.properties())));
    }
}
