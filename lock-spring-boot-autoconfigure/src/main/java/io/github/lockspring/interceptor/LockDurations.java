package io.github.lockspring.interceptor;

import io.github.lockspring.LockOptions;
import java.time.Duration;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/** Reads the durations of an annotation. */
final class LockDurations {

    private static final String FOREVER = "forever";

    private LockDurations() {}

    static boolean isForever(String text) {
        return FOREVER.equalsIgnoreCase(text);
    }

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static Duration parse(String text) {
        return isForever(text) ? LockOptions.FOREVER : DurationFormatterUtils.detectAndParse(text);
    }
}
