package io.github.lockspring.process;

import io.github.lockspring.annotation.DistributedLock;
import java.time.Duration;
import java.util.Locale;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application as a user would write it: the starter, an annotated service, a few properties. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        excludeName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.r2dbc.R2dbcAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.validation.ValidationAutoConfiguration",
            "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration"
        })
class WorkApplication {

    /** How the service is proxied. */
    enum Proxy {
        JDK,
        CGLIB
    }

    static ConfigurableApplicationContext run(
            Proxy proxy, Driver driver, String host, int port, String prefix, Duration leaseTime) {
        return new SpringApplicationBuilder(WorkApplication.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.aop.proxy-target-class=" + (proxy == Proxy.CGLIB),
                        "spring.data.redis.host=" + host,
                        "spring.data.redis.port=" + port,
                        "spring.data.redis.client-type=" + driver.name().toLowerCase(Locale.ROOT),
                        "distributed-lock.key-prefix=" + prefix,
                        "work.lease-time=" + leaseTime,
                        "distributed-lock.redis.poll-interval=500ms")
                .run();
    }

    @Bean
    AnnotatedWork annotatedWork() {
        return new AnnotatedWork();
    }

    /** {@link ExclusiveWork} by annotation. */
    static class AnnotatedWork implements ExclusiveWork {

        @Override
        @DistributedLock(name = "work", key = "#key", waitTime = "1m", leaseTime = "${work.lease-time}")
        public void await(String key, Runnable work) {
            work.run();
        }

        @Override
        @DistributedLock(name = "work", key = "#key", waitTime = "0s", leaseTime = "${work.lease-time}")
        public void attempt(String key, Runnable work) {
            work.run();
        }
    }
}
