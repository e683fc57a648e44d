package io.github.lockspring.engine;

import io.github.lockspring.store.WarningLimit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the monitor of an engine throws: logged once a minute at most, because each step of each call may fail. */
final class MonitorFailures {

    private static final Logger log = LoggerFactory.getLogger(MonitorFailures.class);

    private final WarningLimit limit;

    MonitorFailures(LongSupplier nanoClock) {
        this.limit = new WarningLimit(nanoClock);
    }

    void log(Throwable failure) {
        this.limit.warn(leftOut ->
                log.warn("A lock monitor failed ({} further failures since that was last said)", leftOut, failure));
    }
}
