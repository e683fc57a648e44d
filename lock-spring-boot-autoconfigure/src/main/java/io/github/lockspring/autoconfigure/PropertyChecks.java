package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.redis.RedisLockStoreSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects the problems of property values, so that one start shows all of them. */
final class PropertyChecks {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final List<PropertyProblem> problems = new ArrayList<>();

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
                () -> LockDurations.checkWaitTime(DistributedLockProperties.parseWaitTime(value)),
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
            add(property, value.toString(), "is negative", "use 0ms or more");
        }
    }

    void redis(String prefix, DistributedLockProperties.Redis redis) {
        span(prefix + ".poll-interval", redis.pollInterval());
        span(prefix + ".grant-lease", redis.grantLease());
        span(prefix + ".command-timeout", redis.commandTimeout());
        notLonger(prefix + ".poll-interval", redis.pollInterval(), prefix + ".grant-lease", redis.grantLease());
    }

    void server(String prefix, String id, DistributedLockProperties.Server server) {
        if (LockServers.isPrimary(id)) {
            add(prefix, id, "its beans would have the same names as those of the primary server", "use another id");
        }
        if (server.keyPrefix() != null) {
            keyPrefix(prefix + ".key-prefix", server.keyPrefix());
        }
        redis(prefix, server.redis());
    }

    private void span(String property, Duration value) {
        check(
                property,
                value.toString(),
                () -> RedisLockStoreSettings.checkSpan("Time", value),
                "use for example 500ms or 2s: at least 1ms, and at most " + LockOptions.MAX_LEASE_TIME.toDays() + "d");
    }

    /** Does not report a problem if one of the two values is itself invalid: that is another problem. */
    private void notLonger(String pollProperty, Duration pollInterval, String grantProperty, Duration grantLease) {
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

    private void add(String property, String value, String reason, String remedy) {
        this.problems.add(new PropertyProblem(fullName(property), value, reason, remedy));
    }

    private static String fullName(String property) {
        return DistributedLockProperties.PREFIX + "." + property;
    }
}
