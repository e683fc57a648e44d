package io.github.lockspring.samples.cacherefresh.show;

import io.github.lockspring.samples.cacherefresh.cache.Answer.Origin;
import io.github.lockspring.samples.cacherefresh.cache.PriceSource;
import io.github.lockspring.samples.cacherefresh.load.Pass;
import io.github.lockspring.samples.cacherefresh.load.ReadCommand;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.ProcessEvent;
import io.github.lockspring.samples.support.ShowException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** Has the processes read in one way. */
final class PassRunner {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Products of their own for each run, where Redis outlives it. */
    private final String run = UUID.randomUUID().toString();

    private final CacheRefreshProperties properties;

    private final PriceSource source;

    private final ChildProcesses processes;

    private final PrintStream out;

    PassRunner(CacheRefreshProperties properties, PriceSource source, ChildProcesses processes, PrintStream out) {
        this.properties = properties;
        this.source = source;
        this.processes = processes;
        this.out = out;
    }

    /** Reads for a short time in each way: connections open and classes load before anything is measured. */
    void rehearse() {
        for (Pass pass : Pass.values()) {
            read(pass, "rehearsal-" + this.run, this.properties.rebuildTime().multipliedBy(3));
        }
    }

    PassResult run(Pass pass) {
        this.out.printf("%nReading %s%n", pass.description());
        String product = pass.product(this.run);
        Tally tally = read(pass, product, this.properties.duration());
        Map<Long, Integer> made = this.source.timesMade(product);
        int rebuilds = made.values().stream().mapToInt(Integer::intValue).sum();
        this.out.printf(
                "  %d hits, %d reads made a value, %d got one that another made, %d took the old one%n",
                tally.hits().hits(), rebuilds, tally.count(Origin.AWAITED), tally.count(Origin.STALE));
        return new PassResult(
                pass,
                made.size(),
                rebuilds,
                tally.count(Origin.AWAITED),
                tally.count(Origin.STALE),
                tally.hits(),
                tally.waits());
    }

    private Tally read(Pass pass, String product, Duration duration) {
        for (int number = 1; number <= this.processes.size(); number++) {
            this.processes.send(number, new ReadCommand(pass, duration.toMillis(), product).toLine());
        }
        Tally tally = new Tally();
        while (tally.readersDone() < this.processes.size() * this.properties.threads()) {
            ProcessEvent event = this.processes.next(duration.plus(PATIENCE));
            if (event == null) {
                throw new ShowException("Nothing has happened for " + PATIENCE.toSeconds() + " s");
            }
            tally.add(event);
        }
        return tally;
    }
}
