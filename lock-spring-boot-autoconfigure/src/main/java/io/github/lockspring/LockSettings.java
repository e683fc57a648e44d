package io.github.lockspring;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Configured settings of locks: defaults for all, and overrides per name. A per-name setting wins over what the caller
 * asks for, which wins over the default. Immutable.
 *
 * @param waitTime default wait time
 * @param leaseTime default lease time
 * @param renew whether leases are renewed by default
 * @param overrides settings by name of the lock
 * @since 0.1
 */
public record LockSettings(Duration waitTime, Duration leaseTime, boolean renew, Map<String, PerName> overrides) {

    /** Wait 5 s, lease 30 s, renewed, no overrides. */
    public static final LockSettings DEFAULTS =
            new LockSettings(Duration.ofSeconds(5), Duration.ofSeconds(30), true, Map.of());

    /**
     * Creates settings.
     *
     * @param waitTime default wait time
     * @param leaseTime default lease time
     * @param renew whether leases are renewed by default
     * @param overrides settings by name of the lock
     * @throws IllegalArgumentException if a duration is out of range; the message names it
     */
    public LockSettings {
        LockOptions.checkWaitTime(waitTime);
        LockOptions.checkLeaseTime(leaseTime);
        overrides = Map.copyOf(overrides);
    }

    /**
     * Settings of one name; what is {@code null} is not overridden.
     *
     * @param waitTime wait time
     * @param leaseTime lease time
     * @param renew whether the lease is renewed
     */
    public record PerName(
            @Nullable Duration waitTime,
            @Nullable Duration leaseTime,
            @Nullable Boolean renew) {

        private static final PerName NONE = new PerName(null, null, null);

        /**
         * Creates an override.
         *
         * @param waitTime wait time
         * @param leaseTime lease time
         * @param renew whether the lease is renewed
         * @throws IllegalArgumentException if a duration is out of range; the message names it
         */
        public PerName {
            if (waitTime != null) {
                LockOptions.checkWaitTime(waitTime);
            }
            if (leaseTime != null) {
                LockOptions.checkLeaseTime(leaseTime);
            }
        }
    }

    /**
     * Fills in what options leave open.
     *
     * @param options what the caller asks for
     * @return the complete request
     */
    public LockRequest resolve(LockOptions options) {
        PerName override = this.overrides.getOrDefault(options.getName().name(), PerName.NONE);
        return new LockRequest(
                options.getName(),
                first(override.waitTime, options.getWaitTime(), this.waitTime),
                first(override.leaseTime, options.getLeaseTime(), this.leaseTime),
                first(override.renew, options.getRenew(), this.renew),
                options.isFair(),
                options.getWithin());
    }

    private static <T> T first(@Nullable T override, @Nullable T asked, T fallback) {
        return override != null ? override : asked != null ? asked : fallback;
    }
}
