package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.FlashSaleProperties;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.EmbeddedRedis;
import io.github.lockspring.samples.support.SharedServer;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What the show consists of. Whatever it starts is a bean and ends with the context: at the end, after a failure, and
 * when the user breaks it off.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FlashSaleProperties.class)
@Import(PageShowConfiguration.class)
class ShowConfiguration {

    private static final String DATABASE_URL = "spring.datasource.url";

    @Bean
    SharedServer redis(Environment environment) {
        return EmbeddedRedis.unlessGiven(environment);
    }

    @Bean
    SharedServer database(Environment environment) {
        String url = environment.getProperty(DATABASE_URL);
        // Parameters stay private: a password may be among them.
        return url != null ? SharedServer.given(url.split("[?;]", 2)[0]) : new EmbeddedDatabase();
    }

    @Bean
    DataSource dataSource(Environment environment, SharedServer database) {
        return new DriverManagerDataSource(
                environment.getProperty(DATABASE_URL, EmbeddedDatabase.LOCAL_URL),
                environment.getProperty("spring.datasource.username", EmbeddedDatabase.USERNAME),
                environment.getProperty("spring.datasource.password", ""));
    }

    /** Ended before the servers that they use. */
    @Bean
    @DependsOn({"redis", "database"})
    ChildProcesses shopProcesses() {
        return new ChildProcesses(FlashSaleApplication.class);
    }

    @Bean
    Ledger ledger(DataSource dataSource) {
        return new Ledger(dataSource);
    }

    /** The command line; a page has a programme of its own. */
    @Bean
    @Profile("!page")
    Programme bothPasses() {
        return new BothPasses();
    }

    @Bean
    FlashSaleShow show(
            FlashSaleProperties properties,
            SharedServer redis,
            SharedServer database,
            Ledger ledger,
            ChildProcesses processes,
            Programme programme) {
        return new FlashSaleShow(properties, new Servers(redis, database), ledger, processes, programme);
    }
}
