package io.github.lockspring.benchmarks.contender;

import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** An application as a user of this lock has it. Lock4j's own auto-configurations stay out: they are of another line. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        excludeName = {
            "com.baomidou.lock.spring.boot.autoconfigure.LockAutoConfiguration",
            "com.baomidou.lock.spring.boot.autoconfigure.RedisTemplateLockAutoConfiguration"
        })
class LockSpringApplication {

    @Bean
    LockedService lockedService() {
        return new LockedService();
    }

    static ConfigurableApplicationContext run(ContenderSettings settings, String store) {
        return new SpringApplicationBuilder(LockSpringApplication.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .properties(Map.of(
                        "spring.application.name",
                        "benchmarks",
                        "spring.data.redis.host",
                        settings.host(),
                        "spring.data.redis.port",
                        settings.port(),
                        "distributed-lock.store",
                        store,
                        "distributed-lock.lease-time",
                        settings.lease(),
                        "distributed-lock.wait-time",
                        ContenderSettings.WAIT))
                .run();
    }
}
