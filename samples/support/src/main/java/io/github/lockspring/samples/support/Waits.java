package io.github.lockspring.samples.support;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * How long calls have waited.
 *
 * @param micros each of them in microseconds, in ascending order
 */
public record Waits(List<Long> micros) {

    public static Waits of(Collection<Long> micros) {
        return new Waits(micros.stream().sorted().toList());
    }

    /** Returns the time that the given part of all calls did not wait longer than, in milliseconds. */
    public double millis(double part) {
        int index = (int) Math.ceil(part * this.micros.size()) - 1;
        return this.micros.isEmpty() ? 0 : this.micros.get(Math.max(0, index)) / 1e3;
    }

    /** Returns the same as text, such as "4.6 ms". */
    public String text(double part) {
        return String.format(Locale.ROOT, "%.1f ms", millis(part));
    }
}
