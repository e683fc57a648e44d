package io.github.lockspring.autoconfigure;

import io.github.lockspring.InTransaction;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTimes;
import io.github.lockspring.OnLost;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.interceptor.BeanFactoryLockOperationSourceAdvisor;
import io.github.lockspring.interceptor.LockValidation;
import io.github.lockspring.observation.LockMetrics;
import io.github.lockspring.redis.RedisLockStoreSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.core.env.Environment;

/**
 * Settings of distributed locks. An invalid value ends the binding with an exception that names its property.
 *
 * @param enabled Whether methods annotated with @DistributedLock are locked. If false, they run without a lock, and
 *     LockOperations does not lock anything.
 * @param store Where locks are stored. The default needs a RedisConnectionFactory bean; "memory" excludes the threads
 *     of one process only.
 * @param keyPrefix Start of every key and channel in the store. Applications with the same prefix share their locks.
 * @param waitTime Longest time to wait for a lock that another caller has: a duration, or "forever".
 * @param leaseTime How long a lock outlives a holder that crashed. Renewal keeps it alive while its holder runs. At
 *     least one second.
 * @param renew Whether the lease is renewed while the lock is held.
 * @param maxHoldTime When a hold is lost in spite of renewal: a duration, or "forever".
 * @param onLost What happens to the work when its lease is lost.
 * @param inTransaction What happens to a lock that is acquired while a transaction is active.
 * @param locks Settings by name of the lock, which take precedence over annotation and options: wait-time, lease-time,
 *     renew, hold-at-least, max-hold-time, on-lost, in-transaction, warn-after.
 * @param warnAfter A hold that lasts longer is logged once, with the stack of its acquisition. Nothing is logged if not
 *     set. Capturing the stack costs each acquisition microseconds, more if the stack is deep.
 * @param handOverAfter How long the threads of one process may hand off a lock among themselves before another process
 *     gets it.
 * @param releaseMode Whether releasing a lock waits for the response of the store.
 * @param validation What happens at start-up when an annotation cannot work.
 * @param adviceMode Whether annotated methods are intercepted by proxies or by the woven aspect.
 * @param order Order of the lock among the interceptors of a method. The default locks outside of a transaction.
 * @param maskKeys Whether logs and exceptions contain a pseudonym instead of the key of a lock, for keys that are
 *     personal data.
 * @param taskExecutor Name of the Executor bean that runs the work of asynchronous calls under their locks. Without it,
 *     'applicationTaskExecutor' if there is one, otherwise up to eight threads of the library.
 * @param forcedRelease Locks that an operator takes away from their holders.
 * @param web What web applications answer where a lock is not acquired.
 * @param metrics Meters of locks, for applications with a MeterRegistry.
 * @param observation Observations of locks, for applications with an ObservationRegistry.
 * @param redis Settings of the Redis store.
 * @param servers Further Redis servers by id. Each has a store, an engine and a LockTemplate bean of its own, which is
 *     named after its id ("reporting": reportingLockTemplate) and injected with a qualifier only. Settings: key-prefix,
 *     and those of the primary server under "redis".
 */
@ConfigurationProperties(DistributedLockProperties.PREFIX)
record DistributedLockProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("redis") StoreType store,

        @DefaultValue(RedisLockStoreSettings.DEFAULT_KEY_PREFIX)
        String keyPrefix,

        @DefaultValue(LockSettings.DEFAULT_WAIT_SECONDS + "s")
        String waitTime,

        @DefaultValue(LockSettings.DEFAULT_LEASE_SECONDS + "s")
        Duration leaseTime,

        @DefaultValue("" + LockSettings.DEFAULT_RENEW) boolean renew,
        @DefaultValue("forever") String maxHoldTime,
        @DefaultValue("throw") OnLost onLost,
        @DefaultValue("defer") InTransaction inTransaction,
        @DefaultValue Map<String, PerName> locks,
        @Nullable Duration warnAfter,
        @DefaultValue("10ms") Duration handOverAfter,
        @DefaultValue("async") ReleaseWait releaseMode,
        @DefaultValue("fail") LockValidation validation,
        @DefaultValue("proxy") AdviceMode adviceMode,

        @DefaultValue("" + BeanFactoryLockOperationSourceAdvisor.DEFAULT_ORDER)
        int order,

        @DefaultValue("false") boolean maskKeys,
        @Nullable String taskExecutor,
        @DefaultValue ForcedRelease forcedRelease,
        @DefaultValue Web web,
        @DefaultValue Metrics metrics,
        @DefaultValue Observation observation,
        @DefaultValue Redis redis,
        @DefaultValue Map<String, Server> servers) {

    static final String PREFIX = "distributed-lock";

    DistributedLockProperties {
        PropertyChecks checks = new PropertyChecks(PREFIX);
        checks.keyPrefix("key-prefix", keyPrefix);
        checks.waitTime("wait-time", waitTime);
        checks.leaseTime("lease-time", leaseTime);
        checks.maxHoldTime("max-hold-time", maxHoldTime);
        checks.positive("warn-after", warnAfter);
        locks.forEach((name, settings) -> settings.check(checks, "locks" + PropertyChecks.mapKey(name)));
        checks.notNegative("hand-over-after", handOverAfter);
        web.check(checks, "web");
        metrics.check(checks, "metrics");
        redis.check(checks, "redis");
        servers.forEach((id, server) -> server.check(checks, "servers" + PropertyChecks.mapKey(id), id));
        checks.throwIfAnyFailed();
        LockTimes times = times(waitTime, leaseTime, renew, maxHoldTime);
        checks.consistent("max-hold-time", times);
        locks.forEach((name, settings) -> checks.consistent(
                "locks" + PropertyChecks.mapKey(name) + ".max-hold-time",
                settings.toOverride().times().orElse(times)));
        checks.throwIfAnyFailed();
        locks = Map.copyOf(locks);
        servers = Map.copyOf(servers);
    }

    /** For beans that are created before others, and must not cause those to be created. */
    static DistributedLockProperties of(Environment environment) {
        return Binder.get(environment).bindOrCreate(PREFIX, DistributedLockProperties.class);
    }

    /** For definitions that are registered before properties can be bound as a whole. */
    static StoreType store(Environment environment) {
        return Binder.get(environment).bind(PREFIX + ".store", StoreType.class).orElse(StoreType.REDIS);
    }

    LockSettings toLockSettings() {
        Map<String, LockSettings.PerName> overrides = new HashMap<>();
        this.locks.forEach((name, settings) -> overrides.put(name, settings.toOverride()));
        LockTimes times = times(this.waitTime, this.leaseTime, this.renew, this.maxHoldTime);
        return new LockSettings(
                new LockSettings.PerName(times, this.onLost, this.inTransaction), overrides, this.maskKeys);
    }

    /** The times of names that have one of their own. */
    Map<String, Duration> warnAfterByName() {
        Map<String, Duration> times = new HashMap<>();
        this.locks.forEach((name, settings) -> {
            if (settings.warnAfter() != null) {
                times.put(name, settings.warnAfter());
            }
        });
        return times;
    }

    private static LockTimes times(String waitTime, Duration leaseTime, boolean renew, String maxHoldTime) {
        return LockTimes.NONE
                .waitTime(PropertyChecks.parse(waitTime))
                .leaseTime(leaseTime)
                .renew(renew)
                .maxHoldTime(PropertyChecks.parse(maxHoldTime));
    }

    EngineSettings toEngineSettings(Redis server, String application, Executor callbackExecutor) {
        return new EngineSettings(
                application,
                this.handOverAfter,
                server.commandTimeout(),
                server.pollInterval(),
                this.releaseMode,
                callbackExecutor);
    }

    RedisLockStoreSettings toRedisSettings() {
        return this.redis.toStoreSettings(this.keyPrefix);
    }

    RedisLockStoreSettings toRedisSettings(Server server) {
        return server.redis().toStoreSettings(keyPrefix(server));
    }

    String keyPrefix(Server server) {
        return server.keyPrefix() != null ? server.keyPrefix() : this.keyPrefix;
    }

    /**
     * Settings of one name; settings that are not set are not overridden.
     *
     * @param waitTime Longest time to wait for this lock: a duration, or "forever".
     * @param leaseTime How long this lock outlives a holder that crashed.
     * @param renew Whether the lease of this lock is renewed while it is held.
     * @param holdAtLeast How long others are kept out at least, counted from the acquisition.
     * @param maxHoldTime When a hold of this lock is lost in spite of renewal: a duration, or "forever".
     * @param onLost What happens to the work under this lock when its lease is lost.
     * @param inTransaction What happens if this lock is acquired while a transaction is active.
     * @param warnAfter A hold of this lock that lasts longer is logged once, with the stack of its acquisition.
     */
    record PerName(
            @Nullable String waitTime,
            @Nullable Duration leaseTime,
            @Nullable Boolean renew,
            @Nullable Duration holdAtLeast,
            @Nullable String maxHoldTime,
            @Nullable OnLost onLost,
            @Nullable InTransaction inTransaction,
            @Nullable Duration warnAfter) {

        private void check(PropertyChecks checks, String property) {
            checks.positive(property + ".warn-after", this.warnAfter);
            if (this.waitTime != null) {
                checks.waitTime(property + ".wait-time", this.waitTime);
            }
            if (this.leaseTime != null) {
                checks.leaseTime(property + ".lease-time", this.leaseTime);
            }
            if (this.holdAtLeast != null) {
                checks.holdAtLeast(property + ".hold-at-least", this.holdAtLeast);
            }
            if (this.maxHoldTime != null) {
                checks.maxHoldTime(property + ".max-hold-time", this.maxHoldTime);
            }
        }

        LockSettings.PerName toOverride() {
            LockTimes times = new LockTimes(
                    this.waitTime != null ? PropertyChecks.parse(this.waitTime) : null,
                    this.leaseTime,
                    this.renew,
                    this.holdAtLeast,
                    this.maxHoldTime != null ? PropertyChecks.parse(this.maxHoldTime) : null);
            return new LockSettings.PerName(times, this.onLost, this.inTransaction);
        }
    }

    /**
     * Locks that an operator takes away from their holders, by the endpoint "distributedlocks".
     *
     * @param enabled Whether the delete operation of the endpoint releases a lock. The former holder notices it at its
     *     next renewal; two callers may be inside until then.
     */
    record ForcedRelease(@DefaultValue("false") boolean enabled) {}

    /**
     * What web applications answer where a lock is not acquired, unless an exception handler of the application does.
     *
     * @param enabled Whether controllers answer with a status of their own, and not with an internal error.
     * @param contendedStatus Status of the response where another caller has the lock.
     * @param unavailableStatus Status of the response where the lock store fails or the application shuts down.
     */
    record Web(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("423") int contendedStatus,
            @DefaultValue("503") int unavailableStatus) {

        private void check(PropertyChecks checks, String property) {
            checks.errorStatus(property + ".contended-status", this.contendedStatus);
            checks.errorStatus(property + ".unavailable-status", this.unavailableStatus);
        }
    }

    /**
     * Meters of locks.
     *
     * @param enabled Whether locks are counted and timed.
     * @param maxNames How many lock names have meters and observations of their own. All further ones share the name
     *     "other".
     */
    record Metrics(
            @DefaultValue("true") boolean enabled,

            @DefaultValue("" + LockMetrics.DEFAULT_MAX_NAMES)
            int maxNames) {

        private void check(PropertyChecks checks, String property) {
            checks.positive(property + ".max-names", this.maxNames);
        }
    }

    /**
     * Observations of locks.
     *
     * @param enabled Whether locks are observed, which gives spans where there is tracing.
     */
    record Observation(@DefaultValue("true") boolean enabled) {}

    /**
     * Settings of the Redis store.
     *
     * @param pollInterval Longest time between two polls of a waiting process, which are the safety net for lost
     *     messages. At most the grant lease; otherwise a lock that was granted by a lost message would expire before it
     *     is found.
     * @param grantLease How long a lock stays reserved for a waiting process that it was granted to. At least the poll
     *     interval.
     * @param subscribe Whether waiting processes are notified by message that they have the lock. If false, they poll.
     * @param commandTimeout Longest wait for one answer of Redis.
     * @param batchCommands Whether commands that threads send at the same moment share one write to the socket, with
     *     Lettuce and one server.
     * @param connectionFactory Name of the RedisConnectionFactory bean to use. The primary or only one if not set.
     */
    record Redis(
            @DefaultValue(RedisLockStoreSettings.DEFAULT_POLL_INTERVAL_SECONDS + "s")
            Duration pollInterval,

            @DefaultValue(RedisLockStoreSettings.DEFAULT_GRANT_LEASE_SECONDS + "s")
            Duration grantLease,

            @DefaultValue("" + RedisLockStoreSettings.DEFAULT_SUBSCRIBE)
            boolean subscribe,

            @DefaultValue(RedisLockStoreSettings.DEFAULT_COMMAND_TIMEOUT_SECONDS + "s")
            Duration commandTimeout,

            @DefaultValue("" + RedisLockStoreSettings.DEFAULT_BATCH_COMMANDS)
            boolean batchCommands,

            @Nullable String connectionFactory) {

        private void check(PropertyChecks checks, String property) {
            checks.span(property + ".poll-interval", this.pollInterval);
            checks.span(property + ".grant-lease", this.grantLease);
            checks.span(property + ".command-timeout", this.commandTimeout);
            checks.notLonger(
                    property + ".poll-interval", this.pollInterval, property + ".grant-lease", this.grantLease);
        }

        RedisLockStoreSettings toStoreSettings(String keyPrefix) {
            return new RedisLockStoreSettings(
                    keyPrefix,
                    this.grantLease,
                    this.pollInterval,
                    this.subscribe,
                    this.commandTimeout,
                    this.batchCommands);
        }
    }

    /**
     * Settings of a further Redis server.
     *
     * @param keyPrefix Start of every key and channel on this server. The general key prefix if not set.
     * @param pollInterval Longest time between two polls of a waiting process. At most the grant lease.
     * @param grantLease How long a lock stays reserved for a waiting process that it was granted to.
     * @param subscribe Whether waiting processes are notified by message that they have the lock. If false, they poll.
     * @param commandTimeout Longest wait for one answer of this server.
     * @param batchCommands Whether commands that threads send at the same moment share one write to the socket.
     * @param connectionFactory Name of the RedisConnectionFactory bean to use. The primary or only one if not set.
     */
    record Server(
            @Nullable String keyPrefix,

            @DefaultValue(RedisLockStoreSettings.DEFAULT_POLL_INTERVAL_SECONDS + "s")
            Duration pollInterval,

            @DefaultValue(RedisLockStoreSettings.DEFAULT_GRANT_LEASE_SECONDS + "s")
            Duration grantLease,

            @DefaultValue("" + RedisLockStoreSettings.DEFAULT_SUBSCRIBE)
            boolean subscribe,

            @DefaultValue(RedisLockStoreSettings.DEFAULT_COMMAND_TIMEOUT_SECONDS + "s")
            Duration commandTimeout,

            @DefaultValue("" + RedisLockStoreSettings.DEFAULT_BATCH_COMMANDS)
            boolean batchCommands,

            @Nullable String connectionFactory) {

        private void check(PropertyChecks checks, String property, String id) {
            if (LockServers.isPrimary(id)) {
                checks.add(
                        property,
                        id,
                        "its beans would have the same names as those of the primary server",
                        "use another id");
            }
            if (this.keyPrefix != null) {
                checks.keyPrefix(property + ".key-prefix", this.keyPrefix);
            }
            redis().check(checks, property);
        }

        /** Everything but the prefix. */
        Redis redis() {
            return new Redis(
                    this.pollInterval,
                    this.grantLease,
                    this.subscribe,
                    this.commandTimeout,
                    this.batchCommands,
                    this.connectionFactory);
        }
    }
}
