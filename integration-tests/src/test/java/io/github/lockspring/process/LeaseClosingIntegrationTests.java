package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.FaultProxy;
import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Leases closed in unusual ways, with another process that must not lose its lock by it. */
@Tag("default-line")
class LeaseClosingIntegrationTests {

    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final LockOptions LOCK = LockOptions.named("closing").leaseTime(LEASE);

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final TestRedis redis = TestRedis.shared();

    private final String prefix = TestRedis.newPrefix();

    private final RespClient inside = this.redis.client();

    private final FaultProxy proxy = FaultProxy.to(this.redis.host(), this.redis.port());

    @AfterEach
    void close() {
        this.proxy.close();
        this.inside.close();
    }

    @ParameterizedTest
    @EnumSource
    void anotherThreadMayCloseIt(Driver driver) {
        try (LockClient first = connect(driver);
                LockClient second = connect(driver)) {
            LockLease lease = first.locks().acquire(LOCK);

            CompletableFuture.runAsync(lease::close).join();

            assertThat(lease.isHeld()).isFalse();
            assertThat(lease.isLost()).isFalse();
            assertThat(LockContext.current().filter(LockLease::isHeld)).isEmpty();
            second.locks().acquire(LOCK).close();
            first.locks().acquire(LOCK).close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingTwiceLeavesTheNextOwnerAlone(Driver driver) {
        try (LockClient first = connect(driver);
                LockClient second = connect(driver)) {
            LockLease lease = first.locks().acquire(LOCK);
            lease.close();
            LockLease next = second.locks().acquire(LOCK);

            lease.close();
            CompletableFuture.runAsync(lease::close).join();

            assertUntouched(next, first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingTwiceLeavesTheNextHoldOfItsOwnProcessAlone(Driver driver) {
        try (LockClient first = connect(driver);
                LockClient second = connect(driver)) {
            LockLease lease = first.locks().acquire(LOCK);
            lease.close();
            LockLease next = first.locks().acquire(LOCK);

            lease.close();

            assertThat(next.fencingToken()).isGreaterThan(lease.fencingToken());
            assertUntouched(next, second);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingAReentryTwiceLeavesTheOuterLeaseAlone(Driver driver) {
        try (LockClient first = connect(driver);
                LockClient second = connect(driver)) {
            LockLease outer = first.locks().acquire(LOCK);
            LockLease inner = first.locks().acquire(LOCK);
            assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());

            inner.close();
            CompletableFuture.runAsync(inner::close).join();

            assertThat(inner.isHeld()).isFalse();
            assertUntouched(outer, second);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingAfterItWasLostLeavesTheNextOwnerAlone(Driver driver) {
        try (LockClient first = connect(driver);
                LockClient second = connect(driver)) {
            LockLease lease = first.locks().acquire(LOCK.leaseTime(SHORT).renew(false));
            Awaitility.await().until(lease::isLost);
            LockLease next = second.locks().acquire(LOCK);

            lease.close();

            assertThat(lease.isLost()).isTrue();
            assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lease::ensureHeld);
            assertUntouched(next, first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingAfterItWasLostLeavesTheNextHoldOfItsOwnProcessAlone(Driver driver) {
        try (LockClient first = connect(driver);
                LockClient second = connect(driver)) {
            LockLease lease = first.locks().acquire(LOCK.leaseTime(SHORT).renew(false));
            CompletableFuture<LockLease> waiting =
                    CompletableFuture.supplyAsync(() -> first.locks().acquire(LOCK));
            Awaitility.await().until(lease::isLost);
            LockLease next = waiting.join();

            lease.close();

            assertUntouched(next, second);
        }
    }

    /** Renewals of the lost lease reach Redis when the lock has its next owner already. */
    @ParameterizedTest
    @EnumSource
    void renewalsThatRedisHearsTooLateLeaveTheNextOwnerAlone(Driver driver) {
        try (LockClient cutOff = connectThroughProxy(driver);
                LockClient second = connect(driver)) {
            LockLease lease = cutOff.locks().acquire(LOCK.leaseTime(SHORT));
            this.proxy.holdRequests();
            Awaitility.await().until(lease::isLost);
            LockLease next = second.locks().acquire(LOCK);

            lease.close();
            this.proxy.heal();

            cutOff.awaitReady();
            assertUntouched(next, cutOff);
        }
    }

    /** The release, sent while the lease was held, reaches Redis when the lock has its next owner already. */
    @ParameterizedTest
    @EnumSource
    void aReleaseThatRedisHearsTooLateLeavesTheNextOwnerAlone(Driver driver) {
        try (LockClient cutOff = connectThroughProxy(driver);
                LockClient second = connect(driver)) {
            LockLease lease = cutOff.locks().acquire(LOCK.leaseTime(SHORT));
            this.proxy.holdRequests();
            lease.close();
            assertThat(lease.isLost()).isFalse();
            LockLease next = second.locks().acquire(LOCK);

            this.proxy.heal();

            cutOff.awaitReady();
            assertUntouched(next, cutOff);
        }
    }

    private LockClient connectThroughProxy(Driver driver) {
        return LockClient.connect(driver, this.proxy.host(), this.proxy.port(), this.prefix)
                .awaitReady();
    }

    private LockClient connect(Driver driver) {
        return LockClient.connect(driver, this.redis.host(), this.redis.port(), this.prefix)
                .awaitReady();
    }

    private void assertUntouched(LockLease next, LockClient other) {
        String owner = ownerInRedis();
        assertThat(owner).isNotNull();
        RedisState state = new RedisState(this.inside, this.prefix);
        Awaitility.await("the whole lease, which a granted lock has once it is renewed")
                .until(() -> state.leaseLeft("closing").compareTo(LEASE.dividedBy(2)) > 0);
        assertThat(other.locks().tryAcquire(LOCK)).isEmpty();
        assertThat(next.isHeld()).isTrue();
        assertThat(ownerInRedis()).isEqualTo(owner);
        next.close();
        other.locks().acquire(LOCK).close();
    }

    private @Nullable String ownerInRedis() {
        return this.inside.text("GET", RedisState.lockKey(this.prefix, "closing"));
    }
}
