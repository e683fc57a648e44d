package io.github.lockspring;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * Configured settings of locks: defaults for all, and overrides per name. A per-name setting wins over what the caller
 * asks for, which wins over the default. Immutable.
 *
 * @param waitTime default wait time
 * @param leaseTime default lease time
 * @param renew whether leases are renewed by default
 * @param overrides settings by name of the lock
 * @param maskKeys whether logs and exceptions have a pseudonym in place of the key of a lock
 * @since 0.1
 */
public record LockSettings(
        Duration waitTime, Duration leaseTime, boolean renew, Map<String, PerName> overrides, boolean maskKeys) {

    /** Default wait time in seconds. */
    public static final int DEFAULT_WAIT_SECONDS = 5;

    /** Default lease time in seconds. */
    public static final int DEFAULT_LEASE_SECONDS = 30;

    /** Whether leases are renewed by default. */
    public static final boolean DEFAULT_RENEW = true;

    /** The default of every setting, without overrides. */
    public static final LockSettings DEFAULTS = new LockSettings(
            Duration.ofSeconds(DEFAULT_WAIT_SECONDS),
            Duration.ofSeconds(DEFAULT_LEASE_SECONDS),
            DEFAULT_RENEW,
            Map.of());

    /**
     * Creates settings.
     *
     * @param waitTime default wait time
     * @param leaseTime default lease time
     * @param renew whether leases are renewed by default
     * @param overrides settings by name of the lock
     * @param maskKeys whether logs and exceptions have a pseudonym in place of the key of a lock
     * @throws IllegalArgumentException if a duration is out of range; the message names it
     */
    public LockSettings {
        LockDurations.checkWaitTime(waitTime);
        LockDurations.checkLeaseTime(leaseTime);
        overrides = Map.copyOf(overrides);
    }

    /**
     * Creates settings that show keys.
     *
     * @param waitTime default wait time
     * @param leaseTime default lease time
     * @param renew whether leases are renewed by default
     * @param overrides settings by name of the lock
     * @throws IllegalArgumentException if a duration is out of range; the message names it
     */
    public LockSettings(Duration waitTime, Duration leaseTime, boolean renew, Map<String, PerName> overrides) {
        this(waitTime, leaseTime, renew, overrides, false);
    }

    /**
     * Settings of one name; a setting that is {@code null} is not overridden.
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
                LockDurations.checkWaitTime(waitTime);
            }
            if (leaseTime != null) {
                LockDurations.checkLeaseTime(leaseTime);
            }
        }
    }

    /**
     * Fills in the settings that the options do not set.
     *
     * @param options what the caller asks for
     * @return the complete request
     * @throws IllegalArgumentException if the options are null
     */
    public LockRequest resolve(LockOptions options) {
        Assert.notNull(options, "The lock options are null: specify a lock, such as LockOptions.named(\"order\")");
        LockNameCount.OF_PROCESS.asked(options.lockName(), this.maskKeys);
        PerName override = this.overrides.getOrDefault(options.lockName().name(), PerName.NONE);
        return new LockRequest(
                shown(options.lockName()),
                first(override.waitTime, options.waitTime(), this.waitTime),
                first(override.leaseTime, options.leaseTime(), this.leaseTime),
                first(override.renew, options.renew(), this.renew),
                Boolean.TRUE.equals(options.fair()),
                options.within());
    }

    /** The lock as shown in logs and exceptions. */
    LockName shown(LockName name) {
        return this.maskKeys ? name.masked() : name;
    }

    private static <T> T first(@Nullable T override, @Nullable T asked, T fallback) {
        return override != null ? override : asked != null ? asked : fallback;
    }
}
