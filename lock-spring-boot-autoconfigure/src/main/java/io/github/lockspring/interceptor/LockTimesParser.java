package io.github.lockspring.interceptor;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockTimes;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/** Reads the times of an annotation. */
final class LockTimesParser {

    private final LockAttributes attributes;

    private LockTimes times = LockTimes.NONE;

    private LockTimesParser(LockAttributes attributes) {
        this.attributes = attributes;
    }

    static LockTimes parse(DistributedLock annotation, LockAttributes attributes) {
        LockTimesParser parser = new LockTimesParser(attributes);
        parser.waitTime(annotation);
        parser.time(
                "leaseTime",
                annotation.leaseTime(),
                parser.times::leaseTime,
                "Use a duration of at least one second, such as \"30s\" or \"PT30S\"");
        parser.renew(annotation.renew());
        parser.time(
                "holdAtLeast",
                annotation.holdAtLeast(),
                parser.times::holdAtLeast,
                "Use a duration such as \"50s\" or \"PT50S\", or omit it");
        parser.time(
                "maxHoldTime",
                annotation.maxHoldTime(),
                parser.times::maxHoldTime,
                "Use a duration of at least one second, such as \"10m\" or \"PT10M\", or \"forever\"");
        return parser.times;
    }

    /** A call that is skipped under contention need not wait for that. */
    private void waitTime(DistributedLock annotation) {
        if (annotation.onContention() == OnContention.SKIP) {
            this.times = this.times.waitTime(Duration.ZERO);
        }
        time(
                "waitTime",
                annotation.waitTime(),
                this.times::waitTime,
                "Use a duration such as \"5s\" or \"PT5S\", \"0s\" or \"forever\"");
    }

    private void time(String name, String written, Function<Duration, LockTimes> set, String action) {
        String attribute = LockAttributes.written(name, written);
        String text = this.attributes.resolve(attribute, written);
        if (text == null || text.isBlank()) {
            return;
        }
        try {
            this.times = set.apply(LockDurations.parse(text, DurationFormatterUtils::detectAndParse));
        } catch (IllegalArgumentException ex) {
            if (isNumber(text)) {
                this.attributes.add(
                        attribute,
                        "\"" + text + "\" has no unit and means milliseconds: " + ex.getMessage(),
                        "Write the unit: \"" + text.strip() + "s\" for seconds");
            } else {
                this.attributes.add(attribute, "\"" + text + "\" cannot be used: " + ex.getMessage(), action);
            }
        }
    }

    private static boolean isNumber(String text) {
        return text.strip().chars().allMatch(Character::isDigit);
    }

    private void renew(String written) {
        String attribute = LockAttributes.written("renew", written);
        String text = this.attributes.resolve(attribute, written);
        if (text == null || text.isBlank()) {
            return;
        }
        String value = text.strip();
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            this.attributes.add(
                    attribute, "\"" + text + "\" is neither true nor false", "Use \"true\", \"false\", or omit it");
            return;
        }
        this.times = this.times.renew(Boolean.parseBoolean(value));
    }
}
