package io.github.lockspring.samples.scheduledjobs.job;

import java.util.Locale;

/** The two ways to write reports that are compared. Each writes its own. */
public enum ReportKind {
    WITHOUT_LOCK("without lock"),
    WITH_LOCK("with @DistributedLock");

    private final String description;

    ReportKind(String description) {
        this.description = description;
    }

    public String description() {
        return this.description;
    }

    /** Where the reports of a tick are in Redis. */
    String key(long tick) {
        return "scheduled-jobs:reports:" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ":" + tick;
    }
}
