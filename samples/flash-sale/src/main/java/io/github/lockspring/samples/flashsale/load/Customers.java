package io.github.lockspring.samples.flashsale.load;

import io.github.lockspring.samples.flashsale.shop.Purchase;
import io.github.lockspring.samples.flashsale.shop.StaleWriteException;
import io.github.lockspring.samples.flashsale.shop.StockService;
import io.github.lockspring.samples.support.ProcessEvent;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Customers who storm the shop of this process, several at a time, and what becomes of each of them. */
final class Customers {

    private final StockService stock;

    private final Executor executor;

    private final int threads;

    private final Consumer<ProcessEvent> events;

    Customers(StockService stock, Executor executor, int threads, Consumer<ProcessEvent> events) {
        this.stock = stock;
        this.executor = executor;
        this.threads = threads;
        this.events = events;
    }

    /** Lets a number of customers in; returns at once and reports {@link ProcessEvent#DONE} when all have been served. */
    void serve(SaleCommand command) {
        AtomicInteger customers = new AtomicInteger();
        AtomicInteger busy = new AtomicInteger(this.threads);
        for (int i = 0; i < this.threads; i++) {
            this.executor.execute(() -> {
                int number;
                while ((number = customers.incrementAndGet()) <= command.customers()) {
                    this.events.accept(serve(command.pass(), command.productId(), "customer " + number));
                }
                if (busy.decrementAndGet() == 0) {
                    this.events.accept(ProcessEvent.of(ProcessEvent.DONE, ""));
                }
            });
        }
    }

    private ProcessEvent serve(Pass pass, String productId, String customer) {
        try {
            long came = System.nanoTime();
            Purchase purchase = switch (pass) {
                case WITHOUT_LOCK -> this.stock.buyWithoutLock(productId, customer);
                case WITH_LOCK -> this.stock.buy(productId, customer);
            };
            long waited = TimeUnit.NANOSECONDS.toMicros(purchase.startedNanos() - came);
            Outcome outcome = purchase.successful() ? Outcome.SOLD : Outcome.SOLD_OUT;
            return new ProcessEvent(outcome.name(), waited, "");
        } catch (StaleWriteException ex) {
            return ProcessEvent.of(Outcome.STALE.name(), ex.toString());
        } catch (RuntimeException ex) {
            return ProcessEvent.of(ProcessEvent.FAILED, ex.toString());
        }
    }
}
