package io.github.lockspring.samples.cacherefresh.load;

import java.util.Locale;

/** The three ways to read that are compared. */
public enum Pass {
    WITHOUT_LOCK("without lock"),
    WAIT("with @DistributedLock, others wait"),
    TAKE_OLD("with a fallback to the old value");

    private final String description;

    Pass(String description) {
        this.description = description;
    }

    public String description() {
        return this.description;
    }

    /** What is read, in this pass of one run of the show. */
    public String product(String run) {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + run;
    }
}
