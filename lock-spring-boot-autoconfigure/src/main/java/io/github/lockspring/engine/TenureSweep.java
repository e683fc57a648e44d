package io.github.lockspring.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles every tenure for which something is due, then the owners that must leave the store. */
record TenureSweep(EngineContext engine, Tenures tenures) implements EngineTimer.Sweep {

    private static final Logger log = LoggerFactory.getLogger(TenureSweep.class);

    @Override
    public boolean isNeeded() {
        return !this.tenures.isEmpty() || !this.tenures.leaves().isEmpty();
    }

    @Override
    public long run(long now) {
        return Math.min(lookAfterTenures(now), this.tenures.leaves().send());
    }

    private long lookAfterTenures(long now) {
        DueCommands due = new DueCommands();
        long idle = EngineTimer.LONGEST_IDLE;
        try {
            for (Tenures.Entry tenure : this.tenures.all()) {
                long nothing = tenure.idleFor(now);
                if (nothing <= RenewalSchedule.BATCH) {
                    nothing = check(tenure, due);
                }
                idle = Math.min(idle, nothing);
            }
        } finally {
            due.send(this.engine.store);
        }
        return idle;
    }

    /** A failure for one tenure, for example because of a lack of threads, must not lose the leases of others. */
    private static long check(Tenures.Entry tenure, DueCommands due) {
        try {
            return tenure.check(due);
        } catch (RuntimeException | Error ex) {
            log.error("Checking a lock failed; it is checked again", ex);
            return EngineTimer.LONGEST_PAUSE;
        }
    }
}
