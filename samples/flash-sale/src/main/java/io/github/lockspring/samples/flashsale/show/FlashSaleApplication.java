package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.CustomersConfiguration;
import io.github.lockspring.samples.flashsale.load.LockReportConfiguration;
import io.github.lockspring.samples.flashsale.shop.ShopApplication;
import java.util.List;
import org.springframework.boot.SpringApplication;

/**
 * Runs the sale. Started by a user it is the show: it starts servers and several processes of this same program, and
 * compares. Those processes are told to be a shop with customers.
 */
public final class FlashSaleApplication {

    /** The argument for a page in the browser, instead of both passes on the command line. */
    private static final String PAGE = "--page";

    /** The argument that makes a process a shop. */
    private static final String SHOP = "--shop";

    private FlashSaleApplication() {}

    public static void main(String[] args) {
        SpringApplication application = List.of(args).contains(SHOP)
                ? new SpringApplication(
                        ShopApplication.class, CustomersConfiguration.class, LockReportConfiguration.class)
                : new SpringApplication(ShowConfiguration.class);
        if (List.of(args).contains(PAGE)) {
            application.setAdditionalProfiles("page");
        }
        System.exit(SpringApplication.exit(application.run(args)));
    }

    /** What a process is started with besides the arguments of the show. It serves no page. */
    static List<String> shopArguments(int number) {
        return List.of(SHOP, "--flash-sale.process=" + number, "--spring.main.web-application-type=none");
    }
}
