package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.DURATION;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** A setting per name wins over the annotation, which wins over the setting for all. */
@ExtendWith(OutputCaptureExtension.class)
class LockedMethodSettingsTests {

    private final ApplicationContextRunner runner = LockContextRunners.memory()
            .withBean("plain", Work.class, Plain::new)
            .withBean("annotated", Work.class, Annotated::new)
            .withPropertyValues("distributed-lock.lease-time=100s", "minutes=5");

    @ParameterizedTest
    @EnumSource
    void settingForAllIsUsedWhereNothingElseIsSaid(ProxyKind kind) {
        kind.in(this.runner)
                .run(context -> assertThat(leaseTime(new Application(kind, context), "plain"))
                        .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(100)));
    }

    @ParameterizedTest
    @EnumSource
    void annotationWinsOverSettingForAll(ProxyKind kind) {
        kind.in(this.runner)
                .run(context -> assertThat(leaseTime(new Application(kind, context), "annotated"))
                        .isBetween(Duration.ofSeconds(200), Duration.ofSeconds(300)));
    }

    @ParameterizedTest
    @EnumSource
    void settingPerNameWinsOverAnnotation(ProxyKind kind) {
        kind.in(this.runner)
                .withPropertyValues("distributed-lock.locks.annotated.lease-time=30m")
                .run(context -> assertThat(leaseTime(new Application(kind, context), "annotated"))
                        .isBetween(Duration.ofMinutes(20), Duration.ofMinutes(30)));
    }

    @ParameterizedTest
    @EnumSource
    void settingPerNameFindsDerivedNames(ProxyKind kind) {
        kind.in(this.runner)
                .withPropertyValues(
                        "distributed-lock.locks[" + Plain.class.getName() + ".run].lease-time=30m",
                        "distributed-lock.locks.other.lease-time=1h")
                .run(context -> assertThat(leaseTime(new Application(kind, context), "plain"))
                        .isBetween(Duration.ofMinutes(20), Duration.ofMinutes(30)));
    }

    /** No one of them gets in the way of another. */
    @ParameterizedTest
    @EnumSource
    void allTimesOfANameActTogether(ProxyKind kind) {
        kind.in(this.runner)
                .withPropertyValues(
                        "distributed-lock.locks.timed.wait-time=0s",
                        "distributed-lock.locks.timed.lease-time=30m",
                        "distributed-lock.locks.timed.renew=false",
                        "distributed-lock.locks.timed.hold-at-least=20m",
                        "distributed-lock.locks.timed.max-hold-time=40m")
                .withBean("timed", Work.class, Timed::new)
                .run(context -> {
                    Work work = new Application(kind, context).work("timed");
                    LockOperations locks = context.getBean(LockOperations.class);
                    work.run("1", () -> {
                        LockLease lease = LockContext.required();
                        assertThat(lease.leaseTime()).isEqualTo(Duration.ofMinutes(30));
                        assertThat(lease.remaining()).isBetween(Duration.ofMinutes(25), Duration.ofMinutes(30));
                        assertThat(lease.extend(Duration.ofHours(1)))
                                .isBetween(Duration.ofMinutes(35), Duration.ofMinutes(40));
                    });

                    assertThat(locks.holder("timed", "1"))
                            .get()
                            .extracting(LockHolder::remaining, as(DURATION))
                            .isBetween(Duration.ofMinutes(15), Duration.ofMinutes(20));
                    assertThatExceptionOfType(LockNotAcquiredException.class)
                            .isThrownBy(() -> work.run("1", () -> {}))
                            .withMessageContaining("Lock 'timed:1' was not acquired");
                    work.run("2", () -> assertThat(locks.holder("timed", "2")).isPresent());
                });
    }

    @ParameterizedTest
    @EnumSource
    void leaseOfANameThatIsNotRenewedEndsInSpiteOfAShorterTimeToHoldAtLeast(ProxyKind kind) {
        kind.in(this.runner)
                .withPropertyValues(
                        "distributed-lock.locks.timed.lease-time=1s",
                        "distributed-lock.locks.timed.renew=false",
                        "distributed-lock.locks.timed.hold-at-least=500ms",
                        "distributed-lock.locks.timed.max-hold-time=40m")
                .withBean("timed", Work.class, Timed::new)
                .run(context -> {
                    Work work = new Application(kind, context).work("timed");
                    assertThatExceptionOfType(LeaseLostException.class)
                            .isThrownBy(
                                    () -> work.run("1", () -> Awaitility.await().until(LockContext.required()::isLost)))
                            .withMessageContaining("renew = false");
                });
    }

    @ParameterizedTest
    @EnumSource
    void refusesAHoldTimeThatContradictsTheSettings(ProxyKind kind) {
        ApplicationContextRunner limited = kind.in(this.runner).withBean("limited", Work.class, Limited::new);
        limited.run(context -> assertThat(context.getStartupFailure())
                .isInstanceOf(InvalidLockAnnotationException.class)
                .hasMessageContainingAll(
                        "maxHoldTime = \"1m\"",
                        Limited.class.getName() + ".run(String, Runnable)",
                        "the maximum hold time PT1M is shorter than the lease time PT1M40S",
                        "distributed-lock.locks.limited"));
        limited.withPropertyValues("distributed-lock.locks.limited.lease-time=1m")
                .run(context -> assertThat(context).hasNotFailed());
        limited.withPropertyValues("distributed-lock.validation=warn")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void warnsAboutSettingsThatMatchNoAnnotatedMethod(CapturedOutput output) {
        this.runner
                .withPropertyValues(
                        "distributed-lock.locks.anotated.wait-time=1s", "distributed-lock.locks.annotated.wait-time=1s")
                .run(context -> assertThat(output)
                        .contains("distributed-lock.locks.anotated matches no annotated method")
                        .contains("[annotated, " + Plain.class.getName() + ".run]")
                        .doesNotContain("distributed-lock.locks.annotated matches"));
    }

    @Test
    void warnsAboutSettingsThatSetNothing(CapturedOutput output) {
        this.runner
                .withPropertyValues(
                        "distributed-lock.wait-tme=1s",
                        "distributed-lock.release=sync",
                        "distributed-lock.poll-interval=1s",
                        "distributed-lock.servers.reporting.key-prefx=a",
                        "distributed-lock.validation=fail",
                        "distributed-lock.redis.poll-interval=1s",
                        "distributed-lock.locks.com.acme.OrderService.ship.wait-time=1s",
                        "distributed-lock.locks.annotated.waittime=1s",
                        "distributed-lock.locks.annotated.wait=1s")
                .run(context -> assertThat(output)
                        .contains("distributed-lock.locks.com.acme.orderservice.ship.wait-time has no effect")
                        .contains("distributed-lock.locks.annotated.wait has no effect")
                        .contains(unknown("wait-tme", "wait-time"))
                        .contains(unknown("release", "release-mode"))
                        .contains(unknown("poll-interval", "redis.poll-interval"))
                        .contains(unknown("servers.reporting.key-prefx", "servers.reporting.key-prefix"))
                        .contains(unknown("locks.annotated.wait", "locks.annotated.wait-time"))
                        .doesNotContain(
                                "validation has no effect", "redis.poll-interval has no effect", "store has no effect")
                        .doesNotContain("distributed-lock.locks.annotated.waittime has no effect"));
    }

    @Test
    void warnsAboutPrefixesThatAreMisspelt(CapturedOutput output) {
        this.runner
                .withPropertyValues(
                        "distributed-locks.wait-time=1s",
                        "distributed-locks.of-another-library=1s",
                        "distributed.lock.locks.order.lease-time=1s",
                        "spring.distributed-lock.redis.subscribe=false",
                        "distributedlock.key-prefix=other:")
                .run(context -> {
                    assertThat(output)
                            .contains(misspelt("distributed-locks", "wait-time"))
                            .contains(misspelt("distributed.lock", "locks.order.lease-time"))
                            .contains(misspelt("spring.distributed-lock", "redis.subscribe"))
                            .doesNotContain("of-another-library has no effect", "key-prefix has no effect");
                    assertThat(context.getBean(DistributedLockProperties.class).keyPrefix())
                            .isEqualTo("other:");
                });
    }

    private static String misspelt(String prefix, String property) {
        return prefix + '.' + property
                + " has no effect: the properties of locks begin with distributed-lock in place of " + prefix;
    }

    @ParameterizedTest
    @CsvSource({
        "DISTRIBUTED_LOCK_LOCKS_ORDER_WAIT_TIME,     DISTRIBUTEDLOCK_LOCKS_ORDER_WAITTIME",
        "DISTRIBUTED_LOCK_LOCKS_ORDER_WAITTIME,      DISTRIBUTEDLOCK_LOCKS_ORDER_WAITTIME",
        "DISTRIBUTED_LOCK_LOCKS_ORDER_RENEW,         DISTRIBUTEDLOCK_LOCKS_ORDER_RENEW",
        "DISTRIBUTED_LOCK_SERVERS_OTHER_KEY_PREFIX,  DISTRIBUTEDLOCK_SERVERS_OTHER_KEYPREFIX",
        "DISTRIBUTED_LOCK_WAITTIME,                  DISTRIBUTEDLOCK_WAITTIME",
        "DISTRIBUTED_LOCK_REDIS_POLLINTERVAL,        DISTRIBUTEDLOCK_REDIS_POLLINTERVAL",
        "DISTRIBUTED_LOCK_LOCKS_MY_ORDER_LEASE_TIME, distributed-lock.locks.<name>.lease-time to a file or to",
    })
    void warnsAboutVariablesThatSetNothing(String variable, String right, CapturedOutput output) {
        variables(Map.of(variable, "7s"))
                .run(context -> assertThat(output)
                        .contains("The environment variable " + variable + " has no effect: write " + right));
    }

    /** The names of Kubernetes for the address of a service among them. */
    @Test
    void saysNothingOfVariablesThatSetSomethingOrMayBeMeantForOthers(CapturedOutput output) {
        variables(Map.of(
                        "DISTRIBUTED_LOCK_WAIT_TIME", "7s",
                        "DISTRIBUTED_LOCK_REDIS_POLL_INTERVAL", "500ms",
                        "DISTRIBUTEDLOCK_LOCKS_ORDER_LEASETIME", "8s",
                        "DISTRIBUTED_LOCK_LOCKS_MY_ORDER_LEASE_TIME", "9s",
                        "DISTRIBUTED_LOCK_SERVICE_HOST", "10.0.0.1",
                        "DISTRIBUTED_LOCK_PORT", "tcp://10.0.0.1:80"))
                .withPropertyValues("distributed-lock.locks.my-order.wait-time=1s")
                .run(context -> {
                    LockSettings settings = context.getBean(LockSettings.class);
                    assertThat(settings.resolve(LockOptions.named("order")).waitTime())
                            .hasSeconds(7);
                    assertThat(settings.resolve(LockOptions.named("order")).leaseTime())
                            .hasSeconds(8);
                    assertThat(settings.resolve(LockOptions.named("my-order")).leaseTime())
                            .hasSeconds(9);
                    assertThat(output).doesNotContain("has no effect");
                });
    }

    /** A variable sets a property per name by the form without dashes, and only if the name has none either. */
    @Test
    void variableSetsPropertiesOfPlainNamesOnly() {
        variables(Map.of(
                        "DISTRIBUTED_LOCK_LOCKS_ORDER_WAIT_TIME", "7s",
                        "DISTRIBUTEDLOCK_LOCKS_INVOICE_WAITTIME", "7s",
                        "DISTRIBUTEDLOCK_LOCKS_NIGHTLYREPORT_WAITTIME", "7s"))
                .run(context -> {
                    LockSettings settings = context.getBean(LockSettings.class);
                    assertThat(Stream.of("order", "invoice", "nightly-report", "Nightlyreport", "nightlyreport")
                                    .filter(name -> settings.resolve(LockOptions.named(name))
                                            .waitTime()
                                            .equals(Duration.ofSeconds(7))))
                            .containsExactly("invoice", "nightlyreport");
                });
    }

    @Test
    void jsonOfTheEnvironmentSetsPropertiesOfAnyName() {
        SpringApplication application = new SpringApplication(Plain.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.addInitializers(context -> context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("distributed-lock.store", "memory"))));
        application.setSources(
                Set.of(DistributedLockAutoConfiguration.class.getName(), LockStoreAutoConfiguration.class.getName()));
        try (ConfigurableApplicationContext context = application.run("--spring.application.json={"
                + "\"distributed-lock.locks.nightly-report.wait-time\": \"7s\","
                + "\"distributed-lock.locks.[com.acme.OrderService.ship].wait-time\": \"8s\"}")) {
            LockSettings settings = context.getBean(LockSettings.class);
            assertThat(settings.resolve(LockOptions.named("nightly-report")).waitTime())
                    .hasSeconds(7);
            assertThat(settings.resolve(LockOptions.named("com.acme.OrderService.ship"))
                            .waitTime())
                    .hasSeconds(8);
        }
    }

    private ApplicationContextRunner variables(Map<String, Object> variables) {
        return this.runner.withInitializer(context -> context.getEnvironment()
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables)));
    }

    private static String unknown(String written, String nearest) {
        return "distributed-lock." + written
                + " has no effect: there is no such property. Did you mean distributed-lock." + nearest + "?";
    }

    private static Duration leaseTime(Application application, String bean) {
        AtomicReference<Duration> remaining = new AtomicReference<>();
        application
                .work(bean)
                .run(
                        "1",
                        () -> remaining.set(LockContext.current().orElseThrow().remaining()));
        return remaining.get();
    }

    static class Limited implements Work {

        @Override
        @DistributedLock(name = "limited", maxHoldTime = "1m")
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    /** Says the opposite of the settings. */
    static class Timed implements Work {

        @Override
        @DistributedLock(
                name = "timed",
                key = "#key",
                waitTime = "forever",
                leaseTime = "1h",
                renew = "true",
                holdAtLeast = "2h",
                maxHoldTime = "3h")
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class Plain implements Work {

        @Override
        @DistributedLock(key = "#key")
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class Annotated implements Work {

        @Override
        @DistributedLock(name = "annotated", key = "#key", leaseTime = "${minutes}m")
        public void run(String key, Runnable body) {
            body.run();
        }
    }
}
