package io.github.lockspring.samples.flashsale.load;

import io.github.lockspring.samples.flashsale.shop.StockService;
import io.github.lockspring.samples.support.CommandReader;
import io.github.lockspring.samples.support.ProcessEvent;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Reads the commands that the show sends through standard input, lets the customers buy, and reports through standard
 * output. Ends with standard input: the show is over, or its process has ended.
 */
final class SaleCommandRunner implements ApplicationRunner {

    private final StockService stock;

    private final RedisConnectionFactory redis;

    private final int threads;

    SaleCommandRunner(StockService stock, RedisConnectionFactory redis, int threads) {
        this.stock = stock;
        this.redis = redis;
        this.threads = threads;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        ExecutorService counters = Executors.newFixedThreadPool(this.threads, new CustomizableThreadFactory("seller-"));
        try {
            Customers customers = new Customers(this.stock, counters, this.threads, ProcessEvent::send);
            new CommandReader(this.redis).forEach(line -> customers.serve(SaleCommand.parse(line)));
        } finally {
            counters.shutdownNow();
        }
    }
}
