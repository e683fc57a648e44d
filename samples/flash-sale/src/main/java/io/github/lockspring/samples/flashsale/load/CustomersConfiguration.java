package io.github.lockspring.samples.flashsale.load;

import io.github.lockspring.samples.flashsale.shop.StockService;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** What a process needs besides its shop: customers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FlashSaleProperties.class)
public class CustomersConfiguration {

    @Bean
    ApplicationRunner saleCommandRunner(
            StockService stock, RedisConnectionFactory redis, FlashSaleProperties properties) {
        return new SaleCommandRunner(stock, redis, properties.threads());
    }
}
