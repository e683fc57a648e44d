package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.FlashSaleProperties;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.Conclusion;
import io.github.lockspring.samples.support.Show;
import io.github.lockspring.samples.support.ShowException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.springframework.dao.DataAccessException;

/** Starts the processes and has them carry out a programme. */
final class FlashSaleShow extends Show {

    private final FlashSaleProperties properties;

    private final Servers servers;

    private final Ledger ledger;

    private final ChildProcesses processes;

    private final Programme programme;

    FlashSaleShow(
            FlashSaleProperties properties,
            Servers servers,
            Ledger ledger,
            ChildProcesses processes,
            Programme programme) {
        super("The sale");
        this.properties = properties;
        this.servers = servers;
        this.ledger = ledger;
        this.processes = processes;
        this.programme = programme;
    }

    @Override
    protected Conclusion play(List<String> arguments, PrintStream out) {
        try {
            PassRunner passes =
                    new PassRunner(this.properties, this.ledger, this.processes, this.programme.observer(), out);
            open(arguments, out);
            passes.rehearse();
            return this.programme.perform(passes, out);
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
        out.printf(
                "  processes  %s%n",
                this.processes.start(this.properties.processes(), number -> {
                    List<String> shopArguments = new ArrayList<>(arguments);
                    shopArguments.addAll(this.servers.arguments());
                    shopArguments.addAll(FlashSaleApplication.shopArguments(number));
                    return shopArguments;
                }));
    }
}
