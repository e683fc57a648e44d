package io.github.lockspring.samples.cacherefresh.show;

import io.github.lockspring.samples.cacherefresh.cache.PriceSource;
import io.github.lockspring.samples.cacherefresh.load.Pass;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.Conclusion;
import io.github.lockspring.samples.support.SharedServer;
import io.github.lockspring.samples.support.Show;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Has all processes read in each of the three ways, and compares. */
final class CacheRefreshShow extends Show {

    private final CacheRefreshProperties properties;

    private final SharedServer redis;

    private final PriceSource source;

    private final ChildProcesses processes;

    CacheRefreshShow(
            CacheRefreshProperties properties, SharedServer redis, PriceSource source, ChildProcesses processes) {
        super("Reading");
        this.properties = properties;
        this.redis = redis;
        this.source = source;
        this.processes = processes;
    }

    @Override
    protected Conclusion play(List<String> arguments, PrintStream out) {
        open(arguments, out);
        PassRunner passes = new PassRunner(this.properties, this.source, this.processes, out);
        passes.rehearse();
        PassResult withoutLock = passes.run(Pass.WITHOUT_LOCK);
        PassResult wait = passes.run(Pass.WAIT);
        PassResult takeOld = passes.run(Pass.TAKE_OLD);
        out.printf("%n%s%n%n", PassResult.table(List.of(withoutLock, wait, takeOld)));
        return new Verdict(withoutLock, wait, takeOld).conclusion();
    }

    private void open(List<String> arguments, PrintStream out) {
        out.printf(
                "Cache refresh: %d processes with %d readers each, of a value that is fresh for %d ms and takes %d ms to"
                        + " make%n",
                this.properties.processes(),
                this.properties.threads(),
                this.properties.freshFor().toMillis(),
                this.properties.rebuildTime().toMillis());
        out.printf("  Redis      %s%n", this.redis.description());
        List<String> readerArguments = new ArrayList<>(arguments);
        readerArguments.addAll(this.redis.arguments());
        readerArguments.add(CacheRefreshApplication.READER);
        out.printf("  processes  %s%n", this.processes.start(this.properties.processes(), number -> readerArguments));
    }
}
