package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockOptions;
import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;

/** Reads wait times, which are durations or {@code forever}. */
final class WaitTimes {

    private static final String FOREVER = "forever";

    private WaitTimes() {}

    static Duration parse(String text) {
        String trimmed = text.trim();
        return trimmed.equalsIgnoreCase(FOREVER) ? LockOptions.FOREVER : DurationStyle.detectAndParse(trimmed);
    }
}
