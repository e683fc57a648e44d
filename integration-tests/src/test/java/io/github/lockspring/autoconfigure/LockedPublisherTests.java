package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockFailureHandler;
import io.github.lockspring.LockKeyException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.reactive.ReactiveLockContext;
import io.github.lockspring.reactive.ReactiveLockOperations;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Methods that return a publisher: they are called under their lock for each subscription. */
@Tag("default-line")
class LockedPublisherTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final LockOptions ORDER = LockOptions.named("order").key("7");

    @ParameterizedTest
    @EnumSource
    void callsTheMethodUnderTheLockForEachSubscription(ProxyKind kind) {
        run(kind, (orders, locks) -> {
            Mono<String> one = orders.one("7", Mono.just("changed"));
            assertThat(PublisherOrders.calls).hasValue(0);
            assertThat(one.block(PATIENCE)).isEqualTo("changed");
            assertThat(one.block(PATIENCE)).isEqualTo("changed");
            assertThat(PublisherOrders.calls).hasValue(2);
            awaitLocked(locks, false);
        });
    }

    @ParameterizedTest
    @EnumSource
    void holdsTheLockUntilThePublisherEnds(ProxyKind kind) {
        run(kind, (orders, locks) -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            CompletableFuture<String> result =
                    orders.one("7", Mono.fromFuture(work)).toFuture();
            awaitLocked(locks, true);
            work.complete("changed");
            assertThat(result).succeedsWithin(PATIENCE).isEqualTo("changed");
            awaitLocked(locks, false);

            assertThat(orders.many(
                                    "7",
                                    Flux.range(1, 3)
                                            .map(i -> locks.holder(ORDER).isPresent()))
                            .collectList()
                            .block(PATIENCE))
                    .containsExactly(true, true, true);
            assertThat(Flux.from(orders.any("7")).collectList().block(PATIENCE)).containsExactly("a", "b");
            awaitLocked(locks, false);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aFallbackAnswersForContention(ProxyKind kind) {
        run(kind, (orders, locks) -> {
            try (LockLease first = locks.acquire(ORDER)) {
                assertThat(first.isHeld()).isTrue();
                assertThat(orders.replaced("7").block(PATIENCE)).isEqualTo("instead of 7");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerAnswersForContention(ProxyKind kind) {
        LockFailureHandler handler = (call, failure) -> Mono.just("handled");
        runner(kind).withBean(LockFailureHandler.class, () -> handler).run(context -> {
            Orders orders = kind.bean(context, Orders.class);
            try (LockLease first = context.getBean(LockOperations.class).acquire(ORDER)) {
                assertThat(first.isHeld()).isTrue();
                assertThat(orders.refused("7").block(PATIENCE)).isEqualTo("handled");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void conditionKeyAndLeaseAreThoseOfTheSubscription(ProxyKind kind) {
        run(kind, (orders, locks) -> {
            assertThat(orders.conditional("7", false, null).block(PATIENCE)).isEqualTo("no lease");
            assertThat(orders.conditional("7", true, null).block(PATIENCE)).isEqualTo("order:7, order:7");
            Mono<String> wrong = orders.one(null, Mono.just("never"));
            assertThatExceptionOfType(LockKeyException.class).isThrownBy(() -> wrong.block(PATIENCE));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aPublisherThatTheTypeDoesNotTellIsLockedToo(ProxyKind kind) {
        run(kind, (orders, locks) -> {
            Mono<?> result = (Mono<?>) orders.untold(
                    "7", Mono.fromCallable(() -> locks.holder(ORDER).isPresent()));
            awaitLocked(locks, false);
            assertThat(result.block(PATIENCE)).isEqualTo(true);
            awaitLocked(locks, false);
        });
    }

    @ParameterizedTest
    @EnumSource
    void thereAreOperationsForCode(ProxyKind kind) {
        runner(kind).run(context -> {
            ReactiveLockOperations locks = context.getBean(ReactiveLockOperations.class);
            assertThat(locks.withLock(ORDER, ReactiveLockContext.current().map(LockLease::fullName))
                            .block(PATIENCE))
                    .isEqualTo("order:7");
        });
    }

    private static void awaitLocked(LockOperations locks, boolean locked) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> locks.holder(ORDER).isPresent() == locked);
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        return kind.in(LockContextRunners.memory()).withBean(PublisherOrders.class);
    }

    private static void run(ProxyKind kind, Check check) {
        runner(kind).run(context -> {
            PublisherOrders.calls.set(0);
            check.run(kind.bean(context, Orders.class), context.getBean(LockOperations.class));
        });
    }

    interface Check {

        void run(Orders orders, LockOperations locks);
    }

    interface Orders {

        Mono<String> one(String id, Mono<String> work);

        <T> Flux<T> many(String id, Flux<T> work);

        Publisher<String> any(String id);

        Mono<String> replaced(String id);

        Mono<String> refused(String id);

        Mono<String> conditional(String id, boolean locked, LockLease lease);

        Object untold(String id, Mono<?> work);
    }

    static class PublisherOrders implements Orders {

        private static final AtomicInteger calls = new AtomicInteger();

        @Override
        @DistributedLock(name = "order", key = "#id")
        public Mono<String> one(String id, Mono<String> work) {
            calls.incrementAndGet();
            return work;
        }

        @Override
        @DistributedLock(name = "order", key = "#id")
        public <T> Flux<T> many(String id, Flux<T> work) {
            return work;
        }

        @Override
        @DistributedLock(name = "order", key = "#id")
        public Publisher<String> any(String id) {
            return Flux.just("a", "b");
        }

        @Override
        @DistributedLock(name = "order", key = "#id", waitTime = "0s", fallback = "instead")
        public Mono<String> replaced(String id) {
            throw new AssertionError("must not run");
        }

        @SuppressWarnings("UnusedMethod") // The fallback.
        private Mono<String> instead(String id) {
            return Mono.just("instead of " + id);
        }

        @Override
        @DistributedLock(name = "order", key = "#id", waitTime = "0s")
        public Mono<String> refused(String id) {
            throw new AssertionError("must not run");
        }

        @Override
        @DistributedLock(name = "order", key = "#id", condition = "#locked")
        public Mono<String> conditional(String id, boolean locked, LockLease lease) {
            return lease == null
                    ? Mono.just("no lease")
                    : Mono.just(LockContext.required().fullName() + ", " + lease.fullName());
        }

        @Override
        @DistributedLock(name = "order", key = "#id")
        public Object untold(String id, Mono<?> work) {
            return work;
        }
    }
}
