package io.github.lockspring.memory;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Microseconds since 1970 by the clock of the machine when the store was made, and monotonic from then on: numbers
 * exceed those of an earlier store, while no lease depends on a clock that jumps.
 */
final class StoreClock implements LongSupplier {

    private final long start = TimeUnit.MILLISECONDS.toMicros(Clock.systemUTC().millis());

    private final long origin = System.nanoTime();

    @Override
    public long getAsLong() {
        return this.start + TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - this.origin);
    }
}
