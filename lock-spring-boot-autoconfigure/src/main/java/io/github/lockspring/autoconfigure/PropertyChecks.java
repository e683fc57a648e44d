package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with property values, so that one start shows all of it. */
final class PropertyChecks {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final List<PropertyProblem> problems = new ArrayList<>();

    /** A map key as it is written behind the name of the map: in brackets unless it is one plain word. */
    static String mapKey(String key) {
        return key.matches("[a-z0-9-]+") ? "." + key : "[" + key + "]";
    }

    void keyPrefix(String property, String value) {
        if (value.isBlank()) {
            add(property, value, "it is blank", "use text that tells lock keys from the application's other keys");
        }
        int brace = value.indexOf('{');
        if (brace >= 0 && value.indexOf('}', brace) <= brace + 1) {
            add(
                    property,
                    value,
                    "the keys of one lock would be in different slots of a Redis Cluster",
                    "leave braces out, or write one complete hash tag such as {shop}:lock:");
        }
    }

    void waitTime(String property, String value) {
        try {
            if (WaitTimes.parse(value).isNegative()) {
                add(property, value, "it is negative", "use 0s to try once, or \"forever\" to wait without limit");
            }
        } catch (IllegalArgumentException | ArithmeticException ex) {
            add(property, value, "it is no duration", "use for example 500ms, 5s, PT5S, or \"forever\"");
        }
    }

    void leaseTime(String property, Duration value) {
        if (value.compareTo(LockOptions.MIN_LEASE_TIME) < 0) {
            add(
                    property,
                    value.toString(),
                    "under 1s, a short pause would cost the lock",
                    "use 1s or more, it only bounds how long a crashed holder keeps others out");
        } else if (value.compareTo(LockOptions.MAX_LEASE_TIME) > 0) {
            add(
                    property,
                    value.toString(),
                    "a crashed holder would keep others out that long",
                    "use at most " + LockOptions.MAX_LEASE_TIME.toDays() + "d, renewal keeps shorter leases alive");
        }
    }

    void perName(String property, DistributedLockProperties.PerName settings) {
        if (settings.waitTime() != null) {
            waitTime(property + ".wait-time", settings.waitTime());
        }
        if (settings.leaseTime() != null) {
            leaseTime(property + ".lease-time", settings.leaseTime());
        }
    }

    void notNegative(String property, Duration value) {
        if (value.isNegative()) {
            add(property, value.toString(), "it is negative", "use 0ms or more");
        }
    }

    void atLeastOneMillisecond(String property, Duration value) {
        if (value.compareTo(SHORTEST) < 0) {
            add(property, value.toString(), "it is under 1ms", "use 1ms or more");
        }
    }

    void throwIfAnyFailed() {
        if (!this.problems.isEmpty()) {
            throw new InvalidLockPropertiesException(this.problems);
        }
    }

    private void add(String property, String value, String reason, String remedy) {
        this.problems.add(
                new PropertyProblem(DistributedLockProperties.PREFIX + "." + property, value, reason, remedy));
    }
}
