package io.github.lockspring.memory;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/** The store counts time in microseconds. */
final class Micros {

    private Micros() {}

    /** Durations too long for the clock come out as a quarter of its range, which still can be added to it. */
    static long of(Duration duration) {
        return Math.min(TimeUnit.MICROSECONDS.convert(duration), Long.MAX_VALUE / 4);
    }

    static Duration toDuration(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
