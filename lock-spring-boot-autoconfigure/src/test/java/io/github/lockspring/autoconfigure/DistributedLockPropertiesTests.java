package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.lockspring.InTransaction;
import io.github.lockspring.LockDurations;
import io.github.lockspring.LockName;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockSettings;
import io.github.lockspring.OnLost;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.redis.RedisLockStoreSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DistributedLockPropertiesTests {

    @Test
    void defaultsAreThoseOfTheApi() {
        DistributedLockProperties properties = bind(Map.of());
        assertThat(properties.toLockSettings()).isEqualTo(LockSettings.DEFAULTS);
        assertThat(properties.enabled()).isTrue();
        assertThat(properties.store()).isEqualTo(StoreType.REDIS);
        assertThat(properties.toRedisSettings()).isEqualTo(RedisLockStoreSettings.DEFAULTS);
    }

    @Test
    void engineIsSetByProperties() {
        DistributedLockProperties properties = bind(Map.of(
                "hand-over-after", "20ms",
                "release-mode", "sync",
                "redis.poll-interval", "3s",
                "redis.grant-lease", "3s",
                "redis.command-timeout", "500ms"));
        EngineSettings settings = properties.toEngineSettings(properties.redis(), "shop", Runnable::run);

        assertThat(settings.application()).isEqualTo("shop");
        assertThat(settings.handOverAfter()).isEqualTo(Duration.ofMillis(20));
        assertThat(settings.release()).isEqualTo(ReleaseWait.SYNC);
        assertThat(settings.pollInterval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.commandTimeout()).isEqualTo(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @CsvSource({"forever", "FOREVER", "' forever '"})
    void waitsForever(String value) {
        assertThat(bind(Map.of("wait-time", value))
                        .toLockSettings()
                        .defaults()
                        .times()
                        .waitTime())
                .isEqualTo(LockDurations.FOREVER);
    }

    @ParameterizedTest
    @CsvSource({"0s,PT0S", "500ms,PT0.5S", "PT1M,PT1M", "250,PT0.25S"})
    void readsWaitTimesAsDurations(String value, Duration expected) {
        assertThat(bind(Map.of("wait-time", value))
                        .toLockSettings()
                        .defaults()
                        .times()
                        .waitTime())
                .isEqualTo(expected);
    }

    @Test
    void settingsOfANameWinOverOptionsWhichWinOverDefaults() {
        LockSettings settings = bind(Map.of(
                        "wait-time", "1s",
                        "lease-time", "10s",
                        "locks[com.acme.OrderService.place].wait-time", "forever",
                        "locks.order.lease-time", "1m",
                        "locks.order.renew", "false"))
                .toLockSettings();

        LockRequest place = settings.resolve(
                LockOptions.of(LockName.of("com.acme.OrderService.place", 1)).waitTime(Duration.ZERO));
        assertThat(place.waitTime()).isEqualTo(LockDurations.FOREVER);
        assertThat(place.leaseTime()).isEqualTo(Duration.ofSeconds(10));
        LockRequest order = settings.resolve(
                LockOptions.named("order").waitTime(Duration.ZERO).renew(true));
        assertThat(order.waitTime()).isZero();
        assertThat(order.leaseTime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(order.renew()).isFalse();
        assertThat(settings.resolve(LockOptions.named("other")).waitTime()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void holdsAreLimitedByProperties() {
        LockSettings settings = bind(Map.of(
                        "max-hold-time",
                        "1h",
                        "on-lost",
                        "interrupt",
                        "in-transaction",
                        "fail",
                        "locks.order.hold-at-least",
                        "50s",
                        "locks.order.max-hold-time",
                        "forever",
                        "locks.order.on-lost",
                        "log",
                        "locks.order.in-transaction",
                        "release"))
                .toLockSettings();

        LockRequest other = settings.resolve(LockOptions.named("other"));
        assertThat(other.maxHoldTime()).isEqualTo(Duration.ofHours(1));
        assertThat(other.holdAtLeast()).isZero();
        assertThat(other.onLost()).isEqualTo(OnLost.INTERRUPT);
        assertThat(other.inTransaction()).isEqualTo(InTransaction.FAIL);
        LockRequest order = settings.resolve(LockOptions.named("order"));
        assertThat(order.maxHoldTime()).isEqualTo(LockDurations.FOREVER);
        assertThat(order.holdAtLeast()).isEqualTo(Duration.ofSeconds(50));
        assertThat(order.onLost()).isEqualTo(OnLost.LOG);
        assertThat(order.inTransaction()).isEqualTo(InTransaction.RELEASE);
    }

    @ParameterizedTest
    @CsvSource({"order", "order-v2", "orderPlacement", "[order_v2]", "[order:v2]", "[com.acme.OrderService.place]"})
    void namesOfLocksStayAsTheyAreWritten(String name) {
        assertThat(bind(Map.of("locks." + name + ".renew", "false")).locks())
                .containsOnlyKeys(name.replace("[", "").replace("]", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "key-prefix,' ',distributed-lock.key-prefix",
        "key-prefix,lock{,distributed-lock.key-prefix",
        "key-prefix,lock{}:,distributed-lock.key-prefix",
        "wait-time,-1s,distributed-lock.wait-time",
        "wait-time,soon,distributed-lock.wait-time",
        "wait-time,'',distributed-lock.wait-time",
        "lease-time,999ms,distributed-lock.lease-time",
        "lease-time,400d,distributed-lock.lease-time",
        "max-hold-time,10s,distributed-lock.max-hold-time",
        "max-hold-time,never,distributed-lock.max-hold-time",
        "locks.order.max-hold-time,10s,distributed-lock.locks.order.max-hold-time",
        "locks.order.max-hold-time,0s,distributed-lock.locks.order.max-hold-time",
        "locks.order.hold-at-least,-1s,distributed-lock.locks.order.hold-at-least",
        "locks.order.wait-time,never,distributed-lock.locks.order.wait-time",
        "locks.order.lease-time,0s,distributed-lock.locks.order.lease-time",
        "'locks[a.B.c].wait-time',-5s,'distributed-lock.locks[a.B.c].wait-time'",
        "hand-over-after,-1ms,distributed-lock.hand-over-after",
        "redis.poll-interval,0s,distributed-lock.redis.poll-interval",
        "redis.grant-lease,-2s,distributed-lock.redis.grant-lease",
        "redis.command-timeout,0ms,distributed-lock.redis.command-timeout",
        "redis.command-timeout,400000d,distributed-lock.redis.command-timeout",
        "redis.grant-lease,400000d,distributed-lock.redis.grant-lease",
        "servers.reporting.command-timeout,400000d,distributed-lock.servers.reporting.command-timeout",
        "servers.reporting.poll-interval,3s,distributed-lock.servers.reporting.poll-interval",
        "servers.reporting.key-prefix,lock{,distributed-lock.servers.reporting.key-prefix",
        "servers.distributed.subscribe,true,distributed-lock.servers.distributed",
    })
    void namesThePropertyThatCannotWork(String property, String value, String named) {
        assertThat(problems(Map.of(property, value)))
                .singleElement()
                .extracting(PropertyProblem::property)
                .isEqualTo(named);
    }

    @Test
    void serversHaveTheSettingsOfRedisAndThePrefixOfAll() {
        DistributedLockProperties properties = bind(Map.of(
                "key-prefix", "shop:",
                "servers.reporting-eu.connection-factory", "reports",
                "servers.reporting-eu.command-timeout", "5s",
                "servers.stock.key-prefix", "stock:"));

        assertThat(properties.servers()).containsOnlyKeys("reporting-eu", "stock");
        DistributedLockProperties.Server reporting = properties.servers().get("reporting-eu");
        assertThat(reporting.connectionFactory()).isEqualTo("reports");
        assertThat(properties.toRedisSettings(reporting))
                .isEqualTo(new RedisLockStoreSettings(
                        "shop:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, Duration.ofSeconds(5), true));
        assertThat(properties.toRedisSettings(properties.servers().get("stock")).keyPrefix())
                .isEqualTo("stock:");
    }

    @Test
    void namesAllPropertiesThatCannotWork() {
        assertThat(problems(Map.of("lease-time", "1ms", "wait-time", "-1s", "key-prefix", "")))
                .extracting(PropertyProblem::property)
                .containsExactly(
                        "distributed-lock.key-prefix", "distributed-lock.wait-time", "distributed-lock.lease-time");
    }

    @Test
    void pollIntervalIsNotLongerThanGrantLease() {
        assertThat(problems(Map.of("redis.poll-interval", "2001ms")))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.property()).isEqualTo("distributed-lock.redis.poll-interval");
                    assertThat(problem.reason()).contains("PT2.001S is longer than grant lease PT2S", "expire");
                    assertThat(problem.remedy()).contains("distributed-lock.redis.grant-lease");
                });
        assertThat(problems(Map.of("redis.grant-lease", "500ms")))
                .extracting(PropertyProblem::property)
                .containsExactly("distributed-lock.redis.poll-interval");
    }

    @Test
    void durationsAreToldAsTheApiTellsThem() {
        assertThat(problems(Map.of("lease-time", "400d")))
                .singleElement()
                .extracting(PropertyProblem::reason)
                .isEqualTo(assertThatExceptionOfType(IllegalArgumentException.class)
                        .isThrownBy(() -> LockOptions.named("order").leaseTime(Duration.ofDays(400)))
                        .actual()
                        .getMessage());
    }

    private static List<PropertyProblem> problems(Map<String, String> properties) {
        return assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> bind(properties))
                .havingRootCause()
                .asInstanceOf(type(InvalidLockPropertiesException.class))
                .actual()
                .problems();
    }

    private static DistributedLockProperties bind(Map<String, String> properties) {
        Map<String, String> prefixed = new HashMap<>();
        properties.forEach((name, value) -> prefixed.put("distributed-lock." + name, value));
        return new Binder(new MapConfigurationPropertySource(prefixed))
                .bindOrCreate("distributed-lock", Bindable.of(DistributedLockProperties.class));
    }
}
