package io.github.lockspring.samples.scheduledjobs.job;

import java.time.Duration;
import java.time.Instant;

/** Ticks of the schedule, numbered since the epoch, so that all processes number them alike. */
public final class Tick {

    /** From one tick to the next. */
    public static final Duration PERIOD = Duration.ofSeconds(2);

    private Tick() {}

    /** The tick that a call at this time is for: timers are late, and may be early by a millisecond. */
    public static long nearest(Instant time) {
        return Math.floorDiv(time.toEpochMilli() + PERIOD.toMillis() / 2, PERIOD.toMillis());
    }
}
