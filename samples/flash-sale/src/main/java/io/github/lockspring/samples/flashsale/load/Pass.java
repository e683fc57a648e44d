package io.github.lockspring.samples.flashsale.load;

import java.util.Locale;

/** The two ways to sell that are compared. Each sells a product of its own. */
public enum Pass {
    WITHOUT_LOCK("without lock"),
    WITH_LOCK("with @DistributedLock");

    private final String description;

    Pass(String description) {
        this.description = description;
    }

    public String description() {
        return this.description;
    }

    /** What this pass sells. */
    public String productId() {
        return "sold-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
