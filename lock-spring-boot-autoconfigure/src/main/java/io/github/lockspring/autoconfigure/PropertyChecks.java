package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockTimes;
import io.github.lockspring.redis.RedisLockStoreSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** Collects the problems of property values, so that one start shows all of them. */
final class PropertyChecks {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final List<PropertyProblem> problems = new ArrayList<>();

    private final String prefix;

    /**
     * Creates checks.
     *
     * @param prefix of all properties, without a dot
     */
    PropertyChecks(String prefix) {
        this.prefix = prefix;
    }

    /** A duration, or {@code forever}. */
    static Duration parse(String text) {
        return LockDurations.parse(text, DurationStyle::detectAndParse);
    }

    /** A map key as it is written behind the name of the map: in brackets unless it is one plain word. */
    static String mapKey(String key) {
        return key.matches("[a-z0-9-]+") ? "." + key : "[" + key + "]";
    }

    void keyPrefix(String property, String value) {
        if (value.isBlank()) {
            add(
                    property,
                    value,
                    "is blank",
                    "use a prefix that separates the lock keys from other keys of the" + " application");
        }
        check(
                property,
                value,
                () -> RedisLockStoreSettings.checkKeyPrefix(value),
                "remove the braces, or write one complete hash tag such as {shop}:lock:");
    }

    void waitTime(String property, String value) {
        check(
                property,
                value,
                () -> LockDurations.checkWaitTime(parse(value)),
                "use for example 500ms, 5s, PT5S, 0s to try once, or \"forever\" to wait without limit");
    }

    void leaseTime(String property, Duration value) {
        check(
                property,
                value.toString(),
                () -> LockDurations.checkLeaseTime(value),
                "use for example 30s: at least " + LockOptions.MIN_LEASE_TIME.toSeconds() + "s, and at most "
                        + LockOptions.MAX_LEASE_TIME.toDays() + "d; a number without unit means milliseconds");
    }

    void holdAtLeast(String property, Duration value) {
        check(
                property,
                value.toString(),
                () -> LockDurations.checkHoldAtLeast(value),
                "use for example 50s, and at most " + LockOptions.MAX_LEASE_TIME.toDays() + "d");
    }

    void maxHoldTime(String property, String value) {
        check(
                property,
                value,
                () -> LockDurations.checkMaxHoldTime(parse(value)),
                "use for example 10m, or \"forever\" for no limit");
    }

    /** Checks times that are valid by themselves. */
    void consistent(String property, LockTimes times) {
        String contradiction = times.contradiction();
        if (contradiction != null) {
            add(property, String.valueOf(times.maxHoldTime()), contradiction, "increase it, or shorten the other time");
        }
    }

    void errorStatus(String property, int value) {
        if (value < 400 || value > 599) {
            add(property, String.valueOf(value), "is not the status of an error", "use a status from 400 to 599");
        }
    }

    void positive(String property, int value) {
        if (value < 1) {
            add(property, String.valueOf(value), "is not positive", "use 1 or more");
        }
    }

    void notNegative(String property, Duration value) {
        if (value.isNegative()) {
            add(property, value.toString(), "is negative", "use 0ms or more");
        }
    }

    void positive(String property, @Nullable Duration value) {
        if (value != null && value.compareTo(SHORTEST) < 0) {
            add(property, value.toString(), "is shorter than 1 ms", "use for example 30s, or remove the property");
        }
    }

    void span(String property, Duration value) {
        check(
                property,
                value.toString(),
                () -> RedisLockStoreSettings.checkSpan("Time", value),
                "use for example 500ms or 2s: at least 1ms, and at most " + LockOptions.MAX_LEASE_TIME.toDays() + "d");
    }

    /** Does not report a problem if one of the two values is itself invalid: that is another problem. */
    void notLonger(String pollProperty, Duration pollInterval, String grantProperty, Duration grantLease) {
        if (grantLease.compareTo(SHORTEST) >= 0) {
            check(
                    pollProperty,
                    pollInterval.toString(),
                    () -> RedisLockStoreSettings.checkPollInterval(pollInterval, grantLease),
                    "set at most " + fullName(grantProperty) + ", or increase that property");
        }
    }

    void throwIfAnyFailed() {
        if (!this.problems.isEmpty()) {
            throw new InvalidLockPropertiesException(this.problems);
        }
    }

    private void check(String property, String value, Runnable rule, String remedy) {
        try {
            rule.run();
        } catch (IllegalArgumentException | ArithmeticException ex) {
            add(property, value, String.valueOf(ex.getMessage()), remedy);
        }
    }

    void add(String property, String value, String reason, String remedy) {
        this.problems.add(new PropertyProblem(fullName(property), value, reason, remedy));
    }

    private String fullName(String property) {
        return this.prefix + "." + property;
    }
}
