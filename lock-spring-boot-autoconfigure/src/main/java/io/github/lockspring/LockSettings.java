package io.github.lockspring;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * Configured settings of locks: defaults for all, and overrides per name. A per-name setting wins over what the caller
 * asks for, which wins over the default. Immutable.
 *
 * @param defaults what applies where neither the name nor the caller sets anything
 * @param overrides settings by name of the lock
 * @param maskKeys whether logs and exceptions have a pseudonym in place of the key of a lock
 * @since 0.1
 */
public record LockSettings(PerName defaults, Map<String, PerName> overrides, boolean maskKeys) {

    /** Default wait time in seconds. */
    public static final int DEFAULT_WAIT_SECONDS = 5;

    /** Default lease time in seconds. */
    public static final int DEFAULT_LEASE_SECONDS = 30;

    /** Whether leases are renewed by default. */
    public static final boolean DEFAULT_RENEW = true;

    /** The default of every setting, without overrides. */
    public static final LockSettings DEFAULTS = new LockSettings(PerName.NONE, Map.of(), false);

    /**
     * Creates settings.
     *
     * @param defaults what applies where neither the name nor the caller sets anything; what it does not set has the
     *     default of the library
     * @param overrides settings by name of the lock
     * @param maskKeys whether logs and exceptions have a pseudonym in place of the key of a lock
     */
    public LockSettings {
        defaults = defaults.orElse(PerName.OF_LIBRARY);
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
        this(PerName.of(LockTimes.NONE.waitTime(waitTime).leaseTime(leaseTime).renew(renew)), overrides, false);
    }

    /**
     * Sets whether keys are masked.
     *
     * @param maskKeys whether logs and exceptions have a pseudonym in place of the key of a lock
     * @return changed settings
     */
    public LockSettings maskKeys(boolean maskKeys) {
        return new LockSettings(this.defaults, this.overrides, maskKeys);
    }

    /**
     * Settings of one name; a setting that is {@code null} is not overridden. Made of {@link #NONE}, {@link #of} and
     * the methods that change one part, not by the canonical constructor: later versions may add components.
     *
     * @param times for how long the lock is waited for, and held
     * @param onLost what happens when the lease is lost
     * @param inTransaction what happens if a transaction is active
     */
    public record PerName(
            LockTimes times,
            @Nullable OnLost onLost,
            @Nullable InTransaction inTransaction) {

        /** Nothing is set. */
        public static final PerName NONE = of(LockTimes.NONE);

        private static final PerName OF_LIBRARY = new PerName(
                LockTimes.NONE
                        .waitTime(Duration.ofSeconds(DEFAULT_WAIT_SECONDS))
                        .leaseTime(Duration.ofSeconds(DEFAULT_LEASE_SECONDS))
                        .renew(DEFAULT_RENEW)
                        .holdAtLeast(Duration.ZERO)
                        .maxHoldTime(LockDurations.FOREVER),
                OnLost.THROW,
                InTransaction.DEFER);

        /**
         * Sets times only.
         *
         * @param times for how long the lock is waited for, and held
         * @return the settings
         */
        public static PerName of(LockTimes times) {
            return new PerName(times, null, null);
        }

        /**
         * Sets what happens when the lease is lost.
         *
         * @param onLost what happens
         * @return changed settings
         */
        public PerName onLost(OnLost onLost) {
            return new PerName(this.times, onLost, this.inTransaction);
        }

        /**
         * Sets what happens if a transaction is active.
         *
         * @param inTransaction what happens
         * @return changed settings
         */
        public PerName inTransaction(InTransaction inTransaction) {
            return new PerName(this.times, this.onLost, inTransaction);
        }

        private PerName orElse(PerName other) {
            return new PerName(
                    this.times.orElse(other.times),
                    this.onLost != null ? this.onLost : other.onLost,
                    this.inTransaction != null ? this.inTransaction : other.inTransaction);
        }
    }

    /**
     * Fills in the settings that the options do not set.
     *
     * @param options what the caller asks for
     * @return the complete request
     * @throws IllegalArgumentException if the options are null, or the times contradict each other
     */
    public LockRequest resolve(LockOptions options) {
        Assert.notNull(options, "The lock options are null: specify a lock, such as LockOptions.named(\"order\")");
        LockNameCount.OF_PROCESS.asked(options.lockName(), this.maskKeys);
        PerName override = override(options);
        LockTimes first = override.times;
        LockTimes asked = options.times();
        LockTimes last = this.defaults.times;
        return new LockRequest(
                shown(options.lockName()),
                first(first.waitTime(), asked.waitTime(), last.waitTime()),
                first(first.leaseTime(), asked.leaseTime(), last.leaseTime()),
                first(first.renew(), asked.renew(), last.renew()),
                first(first.holdAtLeast(), asked.holdAtLeast(), last.holdAtLeast()),
                first(first.maxHoldTime(), asked.maxHoldTime(), last.maxHoldTime()),
                Boolean.TRUE.equals(options.fair()),
                options.reentrant(),
                first(override.onLost, null, this.defaults.onLost),
                first(override.inTransaction, null, this.defaults.inTransaction),
                options.within());
    }

    /**
     * Returns the times that apply to a lock, which may contradict each other.
     *
     * @param options what the caller asks for
     * @return the times, all of them set
     */
    public LockTimes times(LockOptions options) {
        return override(options).times.orElse(options.times()).orElse(this.defaults.times);
    }

    private PerName override(LockOptions options) {
        return this.overrides.getOrDefault(options.lockName().name(), PerName.NONE);
    }

    /**
     * Returns a lock as logs and exceptions show it.
     *
     * @param name the lock
     * @return the same lock, with a pseudonym in place of its key if keys are masked
     */
    public LockName shown(LockName name) {
        return this.maskKeys ? name.masked() : name;
    }

    private static <T> T first(@Nullable T override, @Nullable T asked, @Nullable T fallback) {
        T first = override != null ? override : asked != null ? asked : fallback;
        return Objects.requireNonNull(first, "The defaults set everything");
    }
}
