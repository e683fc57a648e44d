package io.github.lockspring.process;

import io.github.lockspring.annotation.DistributedLock;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.annotation.Transactional;

/** An application that locks in Redis and writes in a database, by annotations only. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        excludeName = {
            "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
            "org.springframework.boot.autoconfigure.r2dbc.R2dbcAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.validation.ValidationAutoConfiguration",
            "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration"
        })
class TransferApplication {

    static ConfigurableApplicationContext run(String host, String port, String prefix, String url, String leaseTime) {
        return new SpringApplicationBuilder(TransferApplication.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.data.redis.host=" + host,
                        "spring.data.redis.port=" + port,
                        "transfer.database=" + url,
                        "distributed-lock.key-prefix=" + prefix,
                        "distributed-lock.wait-time=1m",
                        "distributed-lock.lease-time=" + leaseTime,
                        "distributed-lock.redis.poll-interval=500ms")
                .run();
    }

    @Bean
    DriverManagerDataSource dataSource(Environment environment) {
        return new DriverManagerDataSource(environment.getRequiredProperty("transfer.database"));
    }

    @Bean
    JdbcTemplate jdbc(DriverManagerDataSource dataSource) {
        return new JdbcTemplate(dataSource);
    }

    @Bean
    Locked locked() {
        return new Locked();
    }

    @Bean
    LockedTransaction lockedTransaction() {
        return new LockedTransaction();
    }

    @Bean
    InTransaction inTransaction() {
        return new InTransaction();
    }

    static class Locked {

        @DistributedLock(name = "transfer")
        public void run(Runnable body) {
            body.run();
        }
    }

    static class LockedTransaction {

        @DistributedLock(name = "transfer")
        @Transactional
        public void run(Runnable body) {
            body.run();
        }
    }

    static class InTransaction {

        @Transactional
        public void run(Runnable body) {
            body.run();
        }
    }
}
