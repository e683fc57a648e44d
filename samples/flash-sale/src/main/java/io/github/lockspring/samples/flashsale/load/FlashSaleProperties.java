package io.github.lockspring.samples.flashsale.load;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Size of the sale.
 *
 * @param stock pieces for sale in each pass
 * @param customers customers in each pass, of which every one wants one piece
 * @param processes JVMs that sell
 * @param threads customers served at the same time by each of them
 */
@ConfigurationProperties("flash-sale")
public record FlashSaleProperties(int stock, int customers, int processes, int threads) {

    public FlashSaleProperties {
        check(stock > 0, "flash-sale.stock must be at least 1");
        check(customers > stock, "flash-sale.customers must be more than flash-sale.stock, or nothing can be oversold");
        check(processes > 1, "flash-sale.processes must be at least 2, or there is nobody to exclude");
        check(threads > 0, "flash-sale.threads must be at least 1");
    }

    private static void check(boolean valid, String message) {
        if (!valid) {
            throw new IllegalArgumentException(message);
        }
    }
}
