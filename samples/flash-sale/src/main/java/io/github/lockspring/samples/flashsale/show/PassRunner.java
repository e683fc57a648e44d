package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.FlashSaleProperties;
import io.github.lockspring.samples.flashsale.load.Outcome;
import io.github.lockspring.samples.flashsale.load.Pass;
import io.github.lockspring.samples.flashsale.load.SaleCommand;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.ProcessEvent;
import io.github.lockspring.samples.support.ShowException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Has the processes sell one product, and shows how far they are. */
final class PassRunner {

    private static final Duration TICK = Duration.ofMillis(200);

    private static final int TICKS_PER_LINE = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String REHEARSAL = "rehearsal";

    private final FlashSaleProperties properties;

    private final Ledger ledger;

    private final ChildProcesses processes;

    private final PassObserver observer;

    private final PrintStream out;

    PassRunner(
            FlashSaleProperties properties,
            Ledger ledger,
            ChildProcesses processes,
            PassObserver observer,
            PrintStream out) {
        this.properties = properties;
        this.ledger = ledger;
        this.processes = processes;
        this.observer = observer;
        this.out = out;
    }

    /** Has customers ask for what is not there: connections open and classes load before anything is measured. */
    void rehearse() {
        this.ledger.deliver(REHEARSAL, 0);
        for (Pass pass : Pass.values()) {
            sell(pass, REHEARSAL, this.properties.customers() / 5);
            watch(PassObserver.NONE, tally -> {});
        }
    }

    /** Sells a product that nobody has sold before. */
    PassResult run(Pass pass, String productId) {
        this.out.printf("%nSelling %s%n", pass.description());
        this.ledger.deliver(productId, this.properties.stock());
        this.observer.begins(pass, productId);
        sell(pass, productId, this.properties.customers());
        Tally tally = watch(this.observer, this::printProgress);
        Ledger.Entry entry = this.ledger.look(productId);
        return new PassResult(
                pass,
                this.properties.stock(),
                entry.orders(),
                entry.stockLeft(),
                tally.count(Outcome.STALE),
                tally.lastSale(),
                tally.waits());
    }

    /** Sends the customers of a pass, the same number to each process as far as that goes. */
    private void sell(Pass pass, String productId, int customers) {
        int size = this.processes.size();
        for (int i = 0; i < size; i++) {
            int share = customers * (i + 1) / size - customers * i / size;
            this.processes.send(i + 1, new SaleCommand(pass, productId, share).toLine());
        }
    }

    private Tally watch(PassObserver observer, Consumer<Tally> printer) {
        Tally tally = new Tally();
        Duration lastEvent = Duration.ZERO;
        int ticks = 0;
        while (tally.processesDone() < this.processes.size()) {
            Duration nextTick = TICK.multipliedBy(ticks + 1);
            ProcessEvent event = this.processes.next(nextTick.minus(tally.elapsed()));
            Duration now = tally.elapsed();
            if (event != null) {
                tally.add(event);
                observer.told(event);
                lastEvent = now;
            } else if (now.minus(lastEvent).compareTo(PATIENCE) > 0) {
                throw new ShowException("Nothing has happened for " + PATIENCE.toSeconds() + " s");
            }
            if (now.compareTo(nextTick) >= 0) {
                ticks++;
                observer.progress(tally);
                if (ticks % TICKS_PER_LINE == 0) {
                    printer.accept(tally);
                }
            }
        }
        observer.progress(tally);
        printer.accept(tally);
        return tally;
    }

    private void printProgress(Tally tally) {
        this.out.printf(
                Locale.ROOT,
                "%6.1f s  %5d of %d customers served, %d orders%n",
                tally.elapsed().toMillis() / 1e3,
                tally.customersServed(),
                this.properties.customers(),
                tally.count(Outcome.SOLD));
    }
}
