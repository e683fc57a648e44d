package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.FlashSaleProperties;
import io.github.lockspring.samples.flashsale.load.Pass;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.Conclusion;
import io.github.lockspring.samples.support.ResultTable;
import io.github.lockspring.samples.support.Show;
import io.github.lockspring.samples.support.ShowException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.springframework.dao.DataAccessException;

/** Runs both passes and compares. */
final class FlashSaleShow extends Show {

    private final FlashSaleProperties properties;

    private final Servers servers;

    private final Ledger ledger;

    private final ChildProcesses processes;

    FlashSaleShow(FlashSaleProperties properties, Servers servers, Ledger ledger, ChildProcesses processes) {
        super("The sale");
        this.properties = properties;
        this.servers = servers;
        this.ledger = ledger;
        this.processes = processes;
    }

    @Override
    protected Conclusion play(List<String> arguments, PrintStream out) {
        try {
            PassRunner passes = new PassRunner(this.properties, this.ledger, this.processes, out);
            open(arguments, out);
            passes.rehearse();
            PassResult withoutLock = passes.run(Pass.WITHOUT_LOCK);
            PassResult withLock = passes.run(Pass.WITH_LOCK);
            ResultTable table = PassResult.table(List.of(withoutLock, withLock));
            out.printf("%n%s%n%n", table);
            return Verdict.of(withoutLock, withLock);
        } catch (DataAccessException ex) {
            String cause = ex.getMostSpecificCause().getMessage();
            throw new ShowException("the database cannot be used. " + cause, ex);
        }
    }

    private void open(List<String> arguments, PrintStream out) {
        out.printf(
                "Flash sale: %d pieces for %d customers, sold by %d processes with %d threads each%n",
                this.properties.stock(),
                this.properties.customers(),
                this.properties.processes(),
                this.properties.threads());
        out.printf("  Redis      %s%n", this.servers.redis().description());
        out.printf("  database   %s%n", this.servers.database().description());
        this.ledger.createTables();
        List<String> shopArguments = new ArrayList<>(arguments);
        shopArguments.addAll(this.servers.arguments());
        shopArguments.add(FlashSaleApplication.SHOP);
        out.printf("  processes  %s%n", this.processes.start(this.properties.processes(), number -> shopArguments));
    }
}
