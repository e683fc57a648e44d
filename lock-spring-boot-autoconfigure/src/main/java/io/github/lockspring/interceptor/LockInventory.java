package io.github.lockspring.interceptor;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTimes;
import java.time.Duration;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Describes how a method is locked, with the settings that apply, in one line. */
final class LockInventory {

    private LockInventory() {}

    static String describe(LockOperation operation, LockSettings settings) {
        LockOptions options = operation.options();
        StringJoiner line = new StringJoiner(", ", operation.declaration() + ": ", "");
        line.add("lock '" + options.lockName().name() + "'");
        if (!operation.key().isEmpty()) {
            line.add("key "
                    + operation.key().stream().map(LockKeyExpression::text).collect(Collectors.joining(" : ")));
        }
        if (operation.condition() != null) {
            line.add(operation.condition().attribute());
        }
        times(line, settings.times(options));
        if (Boolean.TRUE.equals(options.fair())) {
            line.add("fair");
        }
        if (!options.reentrant()) {
            line.add("not re-entered");
        }
        if (operation.fallback() != null) {
            line.add("fallback " + operation.fallback().method().getName());
        } else if (operation.skips()) {
            line.add("skipped under contention");
        }
        return line.toString();
    }

    private static void times(StringJoiner line, LockTimes times) {
        line.add("wait time " + textOf(times.waitTime()));
        line.add("lease time " + textOf(times.leaseTime())
                + (Boolean.TRUE.equals(times.renew()) ? "" : " without renewal"));
        if (!Duration.ZERO.equals(times.holdAtLeast())) {
            line.add("held for at least " + textOf(times.holdAtLeast()));
        }
        if (!LockDurations.FOREVER.equals(times.maxHoldTime())) {
            line.add("held for at most " + textOf(times.maxHoldTime()));
        }
    }

    /** As it can be written in the annotation. */
    private static String textOf(@Nullable Duration time) {
        return LockDurations.FOREVER.equals(time)
                ? "forever"
                : String.valueOf(time).replaceFirst("^PT", "").toLowerCase(Locale.ROOT);
    }
}
