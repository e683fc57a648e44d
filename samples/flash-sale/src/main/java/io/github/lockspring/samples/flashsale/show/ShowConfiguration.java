package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.FlashSaleProperties;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What the show consists of. Whatever it starts is a bean and ends with the context: at the end, after a failure, and
 * when the user breaks it off.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FlashSaleProperties.class)
class ShowConfiguration {

    private static final String DATABASE_URL = "spring.datasource.url";

    @Bean
    SharedServer redis(Environment environment) {
        return Stream.of("url", "host", "port", "sentinel.nodes", "cluster.nodes")
                .map(name -> "spring.data.redis." + name)
                .filter(environment::containsProperty)
                .findFirst()
                .map(name -> SharedServer.given("as given by " + name))
                .orElseGet(EmbeddedRedis::new);
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

    @Bean
    ShopProcesses shopProcesses() {
        return new ShopProcesses();
    }

    @Bean
    Show show(
            FlashSaleProperties properties,
            SharedServer redis,
            SharedServer database,
            DataSource dataSource,
            ShopProcesses processes) {
        return new Show(properties, new Servers(redis, database), new Ledger(dataSource), processes);
    }
}
