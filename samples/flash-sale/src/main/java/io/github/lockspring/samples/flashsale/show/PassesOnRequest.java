package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.Pass;
import io.github.lockspring.samples.flashsale.page.SaleRequest;
import io.github.lockspring.samples.flashsale.page.SaleRequests;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.Conclusion;
import io.github.lockspring.samples.support.ProcessEvent;
import io.github.lockspring.samples.support.ShowException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Runs the passes that the reader of the page asks for, one at a time, until the page is closed. */
final class PassesOnRequest implements Programme {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final LiveSale sale;

    private final Ledger ledger;

    private final ChildProcesses processes;

    private final SaleRequests requests;

    private final Supplier<String> address;

    /** Every pass sells a product of its own, which has a lock of its own. */
    private int passesRun;

    PassesOnRequest(
            LiveSale sale, Ledger ledger, ChildProcesses processes, SaleRequests requests, Supplier<String> address) {
        this.sale = sale;
        this.ledger = ledger;
        this.processes = processes;
        this.requests = requests;
        this.address = address;
    }

    @Override
    public PassObserver observer() {
        return this.sale;
    }

    @Override
    public Conclusion perform(PassRunner passes, PrintStream out) {
        out.printf("  page       %s (Ctrl-C ends it)%n", this.address.get());
        try {
            accept();
            while (!this.requests.isClosed()) {
                serve(passes, out);
            }
        } catch (ShowException ex) {
            // processes that end because the page is closed are no failure
            if (!this.requests.isClosed()) {
                this.sale.fails(ex);
                throw ex;
            }
        }
        return new Conclusion(String.format("%nThe page is closed."), List.of());
    }

    private void serve(PassRunner passes, PrintStream out) {
        SaleRequest request = this.requests.poll();
        if (request == null) {
            listen();
            return;
        }
        switch (request) {
            case SELL_WITHOUT_LOCK -> run(passes, Pass.WITHOUT_LOCK, out);
            case SELL_WITH_LOCK -> run(passes, Pass.WITH_LOCK, out);
            case RESET -> {
                this.ledger.createTables();
                this.sale.reset();
            }
        }
        accept();
    }

    /** Pages offer what is accepted. */
    private void accept() {
        this.requests.open();
        this.sale.ready();
    }

    /** Reports come in for a moment after the end of a pass; a process that has ended is noticed. */
    private void listen() {
        ProcessEvent event = this.processes.next(LOOK);
        if (event != null) {
            this.sale.told(event);
            // a request that has just been accepted is about to show that; until then, no page offers another one
            if (this.requests.isOpen()) {
                this.sale.publish();
            }
        }
    }

    private void run(PassRunner passes, Pass pass, PrintStream out) {
        this.passesRun++;
        this.sale.ends(passes.run(pass, pass.productId() + "-" + this.passesRun));
        Conclusion conclusion = this.sale.conclusion();
        if (conclusion != null) {
            out.printf("%n%s%n%n", this.sale.table());
            conclusion.lines().forEach(out::println);
        }
    }
}
