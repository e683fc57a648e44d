package io.github.lockspring.samples.flashsale.page;

import io.github.lockspring.samples.flashsale.load.FlashSaleProperties;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A web server with the page. It has no lock of its own: those of the shop are in the other processes. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        excludeName = {
            "io.github.lockspring.autoconfigure.DistributedLockAspectAutoConfiguration",
            "io.github.lockspring.autoconfigure.DistributedLockAutoConfiguration",
            "io.github.lockspring.autoconfigure.DistributedLockDisabledAutoConfiguration",
            "io.github.lockspring.autoconfigure.LockStoreAutoConfiguration",
            "io.github.lockspring.autoconfigure.LockWebAutoConfiguration"
        })
@Import(PageController.class)
public class PageConfiguration {

    @Bean
    SaleRequests saleRequests() {
        return new SaleRequests();
    }

    /** Closed before the web server, and not with the other beans. */
    @Bean(destroyMethod = "")
    FigureBoard figureBoard(FlashSaleProperties properties) {
        return new FigureBoard(
                Figures.starting(new Figures.Size(properties.stock(), properties.customers(), properties.threads())));
    }
}
