package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.FlashSaleProperties;
import io.github.lockspring.samples.flashsale.load.Pass;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.dao.DataAccessException;

/** Runs both passes and says what came of them, in words and as exit code. */
final class Show implements ApplicationRunner, ExitCodeGenerator {

    private static final int AS_PROMISED = 0;

    private static final int NOT_AS_PROMISED = 1;

    private static final int BROKEN_OFF = 2;

    private final FlashSaleProperties properties;

    private final Servers servers;

    private final Ledger ledger;

    private final ShopProcesses processes;

    private final PrintStream out = System.out;

    private volatile int exitCode = BROKEN_OFF;

    Show(FlashSaleProperties properties, Servers servers, Ledger ledger, ShopProcesses processes) {
        this.properties = properties;
        this.servers = servers;
        this.ledger = ledger;
        this.processes = processes;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        try {
            PassRunner passes = new PassRunner(this.properties, this.ledger, this.processes, this.out);
            open(arguments);
            passes.rehearse();
            PassResult withoutLock = passes.run(Pass.WITHOUT_LOCK);
            PassResult withLock = passes.run(Pass.WITH_LOCK);
            this.out.printf("%n%s%n%n", ResultTable.of(List.of(withoutLock, withLock)));
            conclude(withoutLock, withLock);
        } catch (ShowException ex) {
            this.out.printf("%nThe sale was broken off: %s%n", ex.getMessage());
        } catch (DataAccessException ex) {
            String cause = ex.getMostSpecificCause().getMessage();
            this.out.printf("%nThe sale was broken off: the database cannot be used. %s%n", cause);
        }
    }

    private void open(ApplicationArguments arguments) {
        this.out.printf(
                "Flash sale: %d pieces for %d customers, sold by %d processes with %d threads each%n",
                this.properties.stock(),
                this.properties.customers(),
                this.properties.processes(),
                this.properties.threads());
        this.out.printf("  Redis      %s%n", this.servers.redis().description());
        this.out.printf("  database   %s%n", this.servers.database().description());
        this.ledger.createTables();
        List<String> shopArguments = new ArrayList<>(List.of(arguments.getSourceArgs()));
        shopArguments.addAll(this.servers.arguments());
        shopArguments.add(FlashSaleApplication.SHOP);
        long start = System.nanoTime();
        this.processes.start(this.properties.processes(), shopArguments);
        this.out.printf(
                Locale.ROOT,
                "  processes  %s, ready after %.1f s%n",
                this.processes.pids(),
                (System.nanoTime() - start) / 1e9);
    }

    private void conclude(PassResult withoutLock, PassResult withLock) {
        List<String> complaints = Verdict.of(withoutLock, withLock);
        this.exitCode = complaints.isEmpty() ? AS_PROMISED : NOT_AS_PROMISED;
        if (complaints.isEmpty()) {
            this.out.printf(
                    "Without lock, %d customers bought what did not exist. With @DistributedLock, all %d pieces were"
                            + " sold, and not one more.%n",
                    withoutLock.oversold(), withLock.sold());
        } else {
            this.out.println("NOT AS PROMISED");
            complaints.forEach(complaint -> this.out.println("- " + complaint));
        }
    }

    @Override
    public int getExitCode() {
        return this.exitCode;
    }
}
