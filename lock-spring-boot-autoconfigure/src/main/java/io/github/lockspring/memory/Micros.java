package io.github.lockspring.memory;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/** The store counts time in microseconds. */
final class Micros {

    private Micros() {}

    /** Durations too long for the clock become a quarter of its range, which can still be added to a time. */
    static long of(Duration duration) {
        return Math.min(TimeUnit.MICROSECONDS.convert(duration), Long.MAX_VALUE / 4);
    }

    static Duration toDuration(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
