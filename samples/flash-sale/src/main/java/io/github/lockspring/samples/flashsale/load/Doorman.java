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

/**
 * Lets in the customers whom the show sends through standard input, and reports through standard output. Goes home when
 * standard input ends: the show is over, or its process is no more.
 */
final class Doorman implements ApplicationRunner {

    private final StockService stock;

    private final int threads;

    Doorman(StockService stock, int threads) {
        this.stock = stock;
        this.threads = threads;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        ExecutorService counters = Executors.newFixedThreadPool(this.threads);
        try {
            Customers customers = new Customers(this.stock, counters, this.threads, Doorman::report);
            report(SaleEvent.of(Kind.READY, ""));
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                customers.serve(SaleCommand.parse(line));
            }
        } finally {
            counters.shutdownNow();
        }
    }

    private static void report(SaleEvent event) {
        System.out.println(event.toLine());
    }
}
