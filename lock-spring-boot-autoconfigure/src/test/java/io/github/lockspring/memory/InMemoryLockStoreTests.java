package io.github.lockspring.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.LockMode;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.AcquireOutcome.Acquired;
import io.github.lockspring.store.AcquireOutcome.Contended;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.StoreCapability;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is the in-memory store's own; that it keeps the contract of all stores is tested with the built jar. */
class InMemoryLockStoreTests {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final AtomicLong micros = new AtomicLong(1_000_000);

    private final InMemoryLockStore store = new InMemoryLockStore(Duration.ofSeconds(2), this.micros::get);

    @AfterEach
    void close() {
        this.store.close();
    }

    @Test
    void saysWhatItCanDo() {
        assertThat(this.store.capabilities())
                .containsExactlyInAnyOrder(StoreCapability.QUEUE, StoreCapability.KEEP, StoreCapability.EXPIRE);
    }

    static List<TenureId> whatItCannotDo() {
        return List.of(
                new TenureId(List.of("a"), "p:1", LockMode.SHARED),
                new TenureId(List.of("a", "b"), "p:1", LockMode.EXCLUSIVE));
    }

    @ParameterizedTest
    @MethodSource("whatItCannotDo")
    void refusesWhatItCannotDo(TenureId tenure) {
        assertRefused(this.store.acquire(request(tenure, LEASE)));
        assertRefused(this.store.release(tenure, ReleaseMode.FREE));
        assertRefused(this.store.leave(tenure));
        assertThat(this.store.holder("a").toCompletableFuture().join()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("whatItCannotDo")
    void refusedRenewalDoesNotHurtTheOthers(TenureId refused) {
        TenureId held = TenureId.exclusive("c", "p:2");
        this.store.acquire(request(held, LEASE));
        List<CompletionStage<RenewOutcome>> outcomes =
                this.store.renew(List.of(new Renewal(refused, LEASE), new Renewal(held, LEASE)));
        assertThat(outcomes.get(0)).isCompletedWithValueMatching(RenewOutcome.Failed.class::isInstance);
        assertThat(outcomes.get(1)).isCompletedWithValue(RenewOutcome.RENEWED);
    }

    @Test
    void grantLeaseIsPositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InMemoryLockStore(Duration.ZERO))
                .withMessageContaining("grant lease");
        assertThatIllegalArgumentException().isThrownBy(() -> new InMemoryLockStore(Duration.ofMillis(-1)));
    }

    @Test
    void numbersFollowTheClockAndRiseWhileItStands() {
        assertThat(number("a")).isEqualTo(1_000_000);
        assertThat(number("b")).isEqualTo(1_000_001);
        this.micros.set(5_000_000);
        assertThat(number("c")).isEqualTo(5_000_000);
        this.micros.set(4_000_000);
        assertThat(number("d")).isEqualTo(5_000_001);
    }

    @Test
    void numbersAreMicrosecondsSince1970SoThatALaterStoreHasHigherOnes() {
        long before = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
        try (InMemoryLockStore real = new InMemoryLockStore()) {
            long number = number(real, "a");
            assertThat(number).isBetween(before, before + TimeUnit.HOURS.toMicros(1));
            Awaitility.await().untilAsserted(() -> assertThat(number(real, "a")).isGreaterThan(number + 10_000));
        }
    }

    @Test
    void leaseMayBeForever() {
        TenureId tenure = TenureId.exclusive("a", "p:1");
        this.store.acquire(request(tenure, Duration.ofSeconds(Long.MAX_VALUE)));
        this.micros.addAndGet(Duration.ofDays(36_500).toMillis() * 1_000);
        assertThat(this.store.holder("a").toCompletableFuture().join()).isPresent();
    }

    @Test
    void remembersNothingOfALockThatIsFree() {
        for (int i = 0; i < 10_000; i++) {
            TenureId tenure = TenureId.exclusive("lock-" + i, "p:" + i);
            this.store.acquire(request(tenure, LEASE));
            this.store.release(tenure, ReleaseMode.FREE);
            this.store.renew(List.of(new Renewal(tenure, LEASE)));
            this.store.leave(tenure);
        }

        assertThat(this.store.size()).isZero();
    }

    @Test
    void forgetsLocksWhoseOwnersAndWaitersWentWithoutAWord() {
        for (int i = 0; i < 10_000; i++) {
            this.store.acquire(request(TenureId.exclusive("lock-" + i, "p:" + i), LEASE));
            this.store.acquire(request(TenureId.exclusive("lock-" + i, "q:" + i), LEASE));
            this.micros.addAndGet(100_000);
        }
        assertThat(this.store.size()).isLessThan(3_000);
    }

    @Test
    void grantsAreToldByADaemonThreadOfTheStore() throws InterruptedException {
        RecordingListener listener = new RecordingListener();
        this.store.onGrant("p", listener);
        listener.awaitListening();

        handOverTo("p:1");

        assertThat(listener.nextGrant().owner()).isEqualTo("p:1");
        assertThat(listener.threads())
                .allSatisfy(thread -> assertThat(thread.isDaemon()).isTrue())
                .extracting(Thread::getName)
                .containsOnly("distributed-lock-memory-grants-1");
    }

    @Test
    void clientRegistersOnce() {
        this.store.onGrant("p", new RecordingListener());
        assertThatIllegalStateException()
                .isThrownBy(() -> this.store.onGrant("p", new RecordingListener()))
                .withMessageContaining("'p'");
    }

    @Test
    void slowListenerHoldsUpNoCommand() throws InterruptedException {
        RecordingListener listener = new RecordingListener();
        listener.beforeEach(listener::awaitRelease);
        this.store.onGrant("p", listener);

        handOverTo("p:1");

        assertThat(this.store.holder("lock of p:1").toCompletableFuture().join())
                .hasValueSatisfying(holder -> assertThat(holder.owner()).isEqualTo("p:1"));
        listener.release();
        assertThat(listener.nextGrant().owner()).isEqualTo("p:1");
    }

    @Test
    void failingListenerIsToldOfTheNextGrant() throws InterruptedException {
        RecordingListener listener = new RecordingListener();
        listener.beforeEach(() -> {
            throw new IllegalStateException("the listener's own fault");
        });
        this.store.onGrant("p", listener);
        handOverTo("p:1");
        listener.awaitCalls(2);
        listener.beforeEach(() -> {});

        handOverTo("p:2");

        assertThat(listener.nextGrant().owner()).isEqualTo("p:2");
    }

    @Test
    void closedStorePassesListenersOver() {
        this.store.onGrant("p", new RecordingListener());
        this.store.close();
        assertThat(handOverTo("p:1")).isEqualTo(new ReleaseOutcome.Freed());
    }

    /** Releases a lock for which this listening owner waits. */
    private ReleaseOutcome handOverTo(String owner) {
        String lock = "lock of " + owner;
        TenureId holder = TenureId.exclusive(lock, "holder:1");
        this.store.acquire(request(holder, LEASE));
        AcquireOutcome answer = this.store
                .acquire(request(TenureId.exclusive(lock, owner), LEASE))
                .toCompletableFuture()
                .join();
        assertThat(answer).isInstanceOf(Contended.class);
        return this.store
                .release(holder, ReleaseMode.FREE)
                .toCompletableFuture()
                .join();
    }

    private long number(String lock) {
        return number(this.store, lock);
    }

    private static long number(InMemoryLockStore store, String lock) {
        AcquireOutcome outcome = store.acquire(request(TenureId.exclusive(lock, "p:1"), LEASE))
                .toCompletableFuture()
                .join();
        return ((Acquired) outcome).number();
    }

    private static TenureRequest request(TenureId tenure, Duration lease) {
        return TenureRequest.of(tenure, lease).mayQueue(true).listening(true);
    }

    private static void assertRefused(CompletionStage<?> stage) {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> stage.toCompletableFuture().join())
                .havingCause()
                .isInstanceOfSatisfying(
                        LockStoreException.class,
                        ex -> assertThat(ex.getOutcome()).isEqualTo(LockStoreException.Outcome.REFUSED));
    }
}
