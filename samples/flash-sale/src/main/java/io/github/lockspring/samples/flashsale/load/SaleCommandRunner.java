package io.github.lockspring.samples.flashsale.load;

import io.github.lockspring.samples.flashsale.load.SaleEvent.Kind;
import io.github.lockspring.samples.flashsale.shop.StockService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

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
        ExecutorService counters = Executors.newFixedThreadPool(this.threads);
        try {
            Customers customers = new Customers(this.stock, counters, this.threads, SaleCommandRunner::report);
            report(readiness());
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                customers.serve(SaleCommand.parse(line));
            }
        } finally {
            counters.shutdownNow();
        }
    }

    /** Locks connect when they are needed; the sale does not begin if they cannot. */
    private SaleEvent readiness() {
        try (RedisConnection connection = this.redis.getConnection()) {
            connection.ping();
            return SaleEvent.of(Kind.READY, "");
        } catch (DataAccessException ex) {
            return SaleEvent.of(Kind.FAILED, "Redis cannot be used. " + ex.getMostSpecificCause());
        }
    }

    private static void report(SaleEvent event) {
        System.out.println(event.toLine());
    }
}
