package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.core.StringRedisTemplate;

/** What Spring Boot does with Redis because the starter has brought it is said, and only then. */
@ExtendWith(OutputCaptureExtension.class)
class RedisSideEffectsTests {

    private static final String TOLD = "for more than locks";

    @Test
    void tellThatCachesAreInRedis(CapturedOutput output) {
        try (ConfigurableApplicationContext context = run(Caching.class)) {
            assertThat(context.getBean(CacheManager.class)).isInstanceOf(RedisCacheManager.class);
        }
        assertThat(output).containsOnlyOnce(TOLD).contains("spring.cache.type=").doesNotContain("repositories.enabled");
    }

    @Test
    void tellNothingOnceThePropertyIsSet(CapturedOutput output) {
        try (ConfigurableApplicationContext context = run(Caching.class, "spring.cache.type=caffeine")) {
            assertThat(context.getBean(CacheManager.class)).isInstanceOf(CaffeineCacheManager.class);
        }
        assertThat(output).doesNotContain(TOLD);
    }

    @Test
    void tellNothingWhereNothingElseIsInRedis(CapturedOutput output) {
        run(Plain.class).close();
        assertThat(output).doesNotContain(TOLD);
    }

    @Test
    void tellNothingToAnApplicationThatUsesRedisItself(CapturedOutput output) {
        run(RedisUser.class).close();
        run(OwnTemplate.class).close();
        assertThat(output).doesNotContain(TOLD);
    }

    @Test
    void tellThatRepositoriesAreLookedAt(CapturedOutput output) {
        run(Repositories.class).close();
        assertThat(output).containsOnlyOnce(TOLD).contains("spring.data.redis.repositories.enabled=false");
    }

    @Test
    void tellThatHealthIncludesRedis(CapturedOutput output) {
        run(Health.class).close();
        assertThat(output).containsOnlyOnce(TOLD).contains("management.health.redis.enabled=false");
    }

    private static ConfigurableApplicationContext run(Class<?> application, String... properties) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .properties(properties)
                .properties(
                        "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID(),
                        "distributed-lock.redis.subscribe=false",
                        "spring.data.redis.port=1")
                .run();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Plain {}

    @EnableCaching
    static class Caching extends Plain {}

    static class RedisUser extends Caching {

        @Bean
        Runnable user(StringRedisTemplate redis) {
            return () -> redis.hasKey("mine");
        }
    }

    static class OwnTemplate extends Caching {

        @Bean
        StringRedisTemplate stringRedisTemplate() {
            return new StringRedisTemplate() {
                @Override
                public void afterPropertiesSet() {}
            };
        }
    }

    @Import(OtherRepositoryFactoryBean.class)
    static class Repositories extends Plain {}

    static class OtherRepositoryFactoryBean {}

    static class Health extends Plain {

        /** A configuration of Spring Boot is a bean of its class's name; that of Actuator is not here. */
        @Bean("org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration")
        Object health() {
            return new Object();
        }
    }
}
