package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.CustomersConfiguration;
import io.github.lockspring.samples.flashsale.shop.ShopApplication;
import java.util.List;
import org.springframework.boot.SpringApplication;

/**
 * Runs the sale. Started by a user it is the show: it starts servers and several processes of this same program, and
 * compares. Those processes are told to be a shop with customers.
 */
public final class FlashSaleApplication {

    /** The argument that makes a process a shop. */
    static final String SHOP = "--shop";

    private FlashSaleApplication() {}

    public static void main(String[] args) {
        SpringApplication application = List.of(args).contains(SHOP)
                ? new SpringApplication(ShopApplication.class, CustomersConfiguration.class)
                : new SpringApplication(ShowConfiguration.class);
        System.exit(SpringApplication.exit(application.run(args)));
    }
}
