package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What has to hold for annotated methods of two applications that share a Redis, whichever way they are proxied. */
class DistributedLockIntegrationTests {

    private final String prefix = TestRedis.newPrefix();

    private final ApplicationContextRunner runner = LockContextRunners.sharedRedis()
            .withPropertyValues(
                    "distributed-lock.key-prefix=" + this.prefix,
                    "distributed-lock.wait-time=0s",
                    "distributed-lock.release-mode=sync",
                    "distributed-lock.lease-time=10s",
                    "spring.application.name=shop")
            .withBean("order", Work.class, OrderWork::new)
            .withBean("shipping", Work.class, ShippingWork::new)
            .withBean("north", Work.class, io.github.lockspring.autoconfigure.north.Office::new)
            .withBean("south", Work.class, io.github.lockspring.autoconfigure.south.Office::new)
            .withBean("left", Work.class, LeftColon::new)
            .withBean("right", Work.class, RightColon::new)
            .withBean("short", Work.class, ShortLease::new);

    @ParameterizedTest
    @EnumSource
    void differentKeysRunInParallel(ProxyKind kind) {
        inTwoApplications(kind, (here, there) -> {
            assertThat(Encounter.happens(here.call("order", "1"), here.call("order", "2")))
                    .isTrue();
            assertThat(Encounter.happens(here.call("order", "1"), there.call("order", "2")))
                    .isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void sameKeyExcludes(ProxyKind kind) {
        inTwoApplications(kind, (here, there) -> {
            assertThat(Encounter.happens(here.call("order", "1"), here.call("order", "1")))
                    .isFalse();
            assertThat(Encounter.happens(here.call("order", "1"), there.call("order", "1")))
                    .isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void methodsOfTheSameNameShareTheLock(ProxyKind kind) {
        inTwoApplications(kind, (here, there) -> {
            assertThat(Encounter.happens(here.call("order", "1"), here.call("shipping", "1")))
                    .isFalse();
            assertThat(Encounter.happens(here.call("order", "1"), there.call("shipping", "1")))
                    .isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void inheritedMethodsOfClassesOfTheSameSimpleNameDoNotShareTheLock(ProxyKind kind) {
        inTwoApplications(kind, (here, there) -> {
            assertThat(Encounter.happens(here.call("north", "1"), here.call("south", "1")))
                    .isTrue();
            assertThat(Encounter.happens(here.call("north", "1"), there.call("south", "1")))
                    .isTrue();
            assertThat(Encounter.happens(here.call("north", "1"), there.call("north", "1")))
                    .isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void colonsOfNamesAndKeysAreNotConfused(ProxyKind kind) {
        inTwoApplications(
                kind,
                (here, there) -> assertThat(Encounter.happens(here.call("left", "b:c"), there.call("right", "c")))
                        .isTrue());
    }

    @ParameterizedTest
    @EnumSource
    void hostileKeysAreDifferentLocksUnderThePrefix(ProxyKind kind) {
        String long10k = "x".repeat(10_000);
        List<String> keys = List.of(
                "{",
                "}",
                "{}",
                "{a}",
                "a",
                "a\nb",
                "a\r\nb",
                "a b",
                "%7B",
                "\uD83D\uDD12",
                "*",
                long10k,
                long10k + "y");
        inTwoApplications(kind, (here, there) -> {
            List<String> fullNames = new ArrayList<>();
            here.nested("order", keys, () -> {
                keys.forEach(key -> assertThatExceptionOfType(LockNotAcquiredException.class)
                        .as(key)
                        .isThrownBy(() -> there.work("order").run(key, () -> fullNames.add("entered: " + key))));
                try (RespClient redis = TestRedis.shared().client()) {
                    assertThat(redis.keys(this.prefix + "{*}")).hasSameSizeAs(keys);
                    assertThat(redis.keys("*order*")).allMatch(key -> key.startsWith("test-"));
                }
            });
            assertThat(fullNames).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void methodThatRunsThreeTimesItsLeaseKeepsItsLock(ProxyKind kind) {
        inTwoApplications(
                kind,
                (here, there) -> here.work("short").run("1", () -> {
                    LockLease lease = LockContext.current().orElseThrow();
                    Awaitility.await()
                            .pollInterval(Duration.ofMillis(100))
                            .during(Duration.ofSeconds(6))
                            .atMost(Duration.ofSeconds(30))
                            .untilAsserted(() -> {
                                assertThat(lease.isHeld()).isTrue();
                                assertThat(Encounter.happens(body -> body.run(), there.call("short", "1")))
                                        .isFalse();
                            });
                }));
    }

    @ParameterizedTest
    @EnumSource
    void contentionTellsWhoHoldsTheLock(ProxyKind kind) {
        inTwoApplications(
                kind,
                (here, there) -> here.work("order")
                        .run(
                                "1",
                                () -> assertThatExceptionOfType(LockNotAcquiredException.class)
                                        .isThrownBy(() -> there.work("order").run("1", () -> {}))
                                        .satisfies(contended -> {
                                            LockHolder holder = contended.getHolder();
                                            assertThat(holder).isNotNull();
                                            assertThat(holder.owner()).startsWith("shop@");
                                            assertThat(holder.remaining())
                                                    .isBetween(Duration.ofMillis(1), Duration.ofSeconds(10));
                                            assertThat(contended)
                                                    .hasMessageContaining("'order:1'")
                                                    .hasMessageNotContaining("shop@");
                                        })));
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingButFencingCounters(ProxyKind kind) {
        inTwoApplications(kind, (here, there) -> {
            here.work("order").run("1", () -> {});
            there.work("order").run("1", () -> {});
            here.work("north").run("2", () -> {});
        });
        try (RespClient redis = TestRedis.shared().client()) {
            assertThat(redis.keys(this.prefix + "*"))
                    .isNotEmpty()
                    .allMatch(key -> key.startsWith(this.prefix + "fence:"));
        }
    }

    private void inTwoApplications(ProxyKind kind, BiConsumer<Application, Application> test) {
        ApplicationContextRunner kindRunner = kind.in(this.runner);
        kindRunner.run(here ->
                kindRunner.run(there -> test.accept(new Application(kind, here), new Application(kind, there))));
    }

    static class OrderWork implements Work {

        @Override
        @DistributedLock(name = "order", key = "#key")
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class ShippingWork implements Work {

        @Override
        @DistributedLock(name = "order", key = "#p0")
        public void run(String order, Runnable body) {
            body.run();
        }
    }

    static class LeftColon implements Work {

        @Override
        @DistributedLock(name = "a", key = "#key")
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class RightColon implements Work {

        @Override
        @DistributedLock(name = "a:b", key = "#key")
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class ShortLease implements Work {

        @Override
        @DistributedLock(key = "#key", leaseTime = "2s")
        public void run(String key, Runnable body) {
            body.run();
        }
    }
}
