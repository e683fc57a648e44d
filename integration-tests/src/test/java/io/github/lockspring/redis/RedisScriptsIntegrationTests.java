package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.AcquireOutcome.Contended;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What the scripts do on a server that is full, new, or has seen odd things. */
class RedisScriptsIntegrationTests {

    private static final String LOCK = "order:42";

    private static final String KEY = "lock:{order:42}";

    private static final long LAST_NUMBER = (1L << 52) - 1;

    private static RedisProcess redis;

    private static LettuceConnectionFactory factory;

    private RespClient inside;

    private StoreClient one;

    private StoreClient two;

    @BeforeAll
    static void start() {
        redis = RedisProcess.started("--maxmemory-policy", "noeviction");
        factory = Drivers.lettuce(redis.host(), redis.port());
    }

    @AfterAll
    static void stop() {
        factory.destroy();
        redis.close();
    }

    @BeforeEach
    void connect() {
        this.inside = redis.client();
        this.inside.command("FLUSHALL");
        this.one = new StoreClient(factory, "lock:");
        this.two = new StoreClient(factory, "lock:");
    }

    @AfterEach
    void disconnect() {
        this.inside.command("CONFIG", "SET", "maxmemory", "0");
        this.one.close();
        this.two.close();
        this.inside.close();
    }

    @Test
    void fullRedisStillFreesLocks() {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        fill();
        assertThat(this.one.frees(owner)).isEqualTo(new ReleaseOutcome.Freed());
        assertThat(this.inside.keys("*")).noneMatch(KEY::equals);
    }

    @Test
    void fullRedisStillHandsOver() throws InterruptedException {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        TenureId next = this.two.subscribe().awaitListening().owner(LOCK);
        this.two.queues(next);
        fill();

        assertThat(this.one.frees(owner)).isEqualTo(new ReleaseOutcome.HandedOver());

        assertThat(this.two.nextGrant().owner()).isEqualTo(next.owner());
    }

    @Test
    void fullRedisStillKeepsRenewsAndLetsGo() {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        TenureId waiting = this.two.owner(LOCK);
        this.two.queues(waiting);
        fill();

        this.inside.command("PEXPIRE", KEY, "1000");
        assertThat(this.one.renews(owner)).isEqualTo(RenewOutcome.RENEWED);
        assertThat(this.inside.number("PTTL", KEY)).isGreaterThan(1_000);
        StoreClient.answer(this.two.store().leave(waiting));
        assertThat(this.inside.keys("*queue")).isEmpty();
        assertThat(this.one.keeps(owner)).isInstanceOf(ReleaseOutcome.Kept.class);
        StoreClient.answer(this.one.store().leave(owner));
        assertThat(this.inside.keys("*")).noneMatch(KEY::equals);
    }

    @Test
    void fullRedisStillHandsOverByKeepAndLeave() throws InterruptedException {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        this.two.subscribe().awaitListening();
        TenureId next = this.two.owner(LOCK);
        TenureId last = this.two.owner(LOCK);
        this.two.queues(next);
        this.two.queues(last);
        fill();

        assertThat(this.one.keeps(owner)).isEqualTo(new ReleaseOutcome.HandedOver());
        assertThat(this.two.nextGrant().owner()).isEqualTo(next.owner());
        StoreClient.answer(this.two.store().leave(next));
        assertThat(this.two.nextGrant().owner()).isEqualTo(last.owner());
    }

    @Test
    void fullRedisStillLetsLocksExpire() {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        fill();

        assertThat(StoreClient.answer(
                        this.one.store().release(owner, new ReleaseMode.ExpireAfter(Duration.ofSeconds(1)))))
                .isEqualTo(new ReleaseOutcome.Expiring());

        assertThat(this.inside.number("PTTL", KEY)).isLessThanOrEqualTo(1_000);
    }

    @Test
    void fullRedisRefusesNewLocksAndChangesNothing() {
        fill();
        LockStoreException failure = StoreClient.failure(this.one.ask(this.one.owner(LOCK), true));
        assertThat(failure.getOutcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(failure).hasMessageContainingAll("OOM", "acquire.lua").hasMessageNotContaining("42");
        assertThat(this.inside.keys("*")).isEmpty();
    }

    @Test
    void fullRedisRefusesLocksThatAreServedInOrderInTheSameWay() {
        fill();
        LockStoreException failure = StoreClient.failure(this.one.askFairly(this.one.owner(LOCK)));
        assertThat(failure.getOutcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(this.inside.keys("*")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fullRedisStillTellsWhoHasTheLock(boolean wouldWait) {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        fill();
        expectContended(this.two.ask(this.two.owner(LOCK), wouldWait), owner);
    }

    @Test
    void fullRedisStillTellsWhoHasALockThatIsServedInOrder() {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        fill();
        expectContended(this.two.askFairly(this.two.owner(LOCK)), owner);
        assertThat(this.inside.keys("*")).containsExactlyInAnyOrder(KEY, fence());
    }

    private static void expectContended(CompletionStage<AcquireOutcome> asked, TenureId holder) {
        assertThat(StoreClient.answer(asked))
                .isInstanceOfSatisfying(
                        Contended.class,
                        contended -> assertThat(contended.holder().owner()).isEqualTo(holder.owner()));
    }

    @Test
    void fullRedisStillGivesALockToThePollerItWasReservedFor() {
        TenureId owner = this.one.owner(LOCK);
        long number = this.one.acquires(owner);
        TenureId polling = this.two.owner(LOCK);
        this.two.queues(polling);
        fill();
        assertThat(this.one.frees(owner)).isEqualTo(new ReleaseOutcome.HandedOver());

        assertThat(this.two.acquires(polling)).isGreaterThan(number);
        assertThat(this.inside.number("PTTL", KEY)).isGreaterThan(StoreClient.POLL_INTERVAL.toMillis() * 2);
    }

    @Test
    void fullRedisStillGivesALockAgainToItsOwnerThatHasALongerLease() {
        TenureId owner = this.one.owner(LOCK);
        long number = this.one.acquires(owner);
        this.inside.command("PEXPIRE", KEY, "3600000");
        fill();
        assertThat(this.one.acquires(owner)).isGreaterThan(number);
        assertThat(this.inside.number("PTTL", KEY)).isGreaterThan(3_000_000);
    }

    @Test
    void lockThatLostItsExpiryGetsOneAgain() {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);

        this.inside.command("PERSIST", KEY);
        assertThat(this.one.renews(owner)).isEqualTo(RenewOutcome.RENEWED);
        assertThat(this.inside.number("PTTL", KEY)).isBetween(1L, StoreClient.LEASE.toMillis());

        this.inside.command("PERSIST", KEY);
        this.one.acquires(owner);
        assertThat(this.inside.number("PTTL", KEY)).isBetween(1L, StoreClient.LEASE.toMillis());
    }

    /** It is not known as Lettuce's then, and used as any other. */
    @Test
    void wrappedFactoryIsUsedThroughItsInterface() {
        RedisConnectionFactory wrapped = (RedisConnectionFactory) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RedisConnectionFactory.class},
                (proxy, method, arguments) -> method.invoke(factory, arguments));
        try (StoreClient client = new StoreClient(wrapped, "lock:")) {
            TenureId owner = client.owner(LOCK);
            long number = client.acquires(owner);
            assertThat(this.one.fails(this.one.owner(LOCK)).holder().owner()).isEqualTo(owner.owner());
            assertThat(client.fails(client.owner(LOCK)).holder().owner()).isEqualTo(owner.owner());
            assertThat(client.renews(owner)).isEqualTo(RenewOutcome.RENEWED);
            assertThat(client.keeps(owner))
                    .isInstanceOfSatisfying(
                            ReleaseOutcome.Kept.class,
                            kept -> assertThat(kept.number()).isGreaterThan(number));
            assertThat(StoreClient.answer(client.store().holder(LOCK))).isPresent();
            assertThat(client.frees(owner)).isEqualTo(new ReleaseOutcome.Freed());
        }
    }

    /** Its driver does not block the thread that subscribes. */
    @Test
    void wrappedFactoryKeepsItsSubscription() {
        RedisConnectionFactory wrapped = (RedisConnectionFactory) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RedisConnectionFactory.class},
                (proxy, method, arguments) -> method.invoke(factory, arguments));
        TenureId holder = this.one.owner(LOCK);
        this.one.acquires(holder);
        try (StoreClient client = new StoreClient(wrapped, RedisLockStoreFixture.settings("lock:"))
                .subscribe()
                .awaitListening()) {
            client.queues(client.owner(LOCK));
            assertThat(this.one.frees(holder)).isInstanceOf(ReleaseOutcome.HandedOver.class);
            Awaitility.await().until(client::hasGrants);
            Awaitility.await()
                    .during(Duration.ofSeconds(1))
                    .until(() -> client.listening().equals(List.of(true)));
        }
    }

    @Test
    void numbersKeepAllTheirDigits() throws InterruptedException {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        String fence = fence();
        long last = LAST_NUMBER - 4;
        this.inside.command("SET", fence, Long.toString(last));

        assertThat(this.one.acquires(owner)).isEqualTo(last + 1);
        assertThat(this.inside.text("GET", fence)).isEqualTo(Long.toString(last + 1));
        assertThat(this.one.keeps(owner)).isEqualTo(new ReleaseOutcome.Kept(last + 2));
        TenureId next = this.two.subscribe().awaitListening().owner(LOCK);
        long before = this.two.queues(next).serverTimeMicros();
        this.one.frees(owner);

        Grant grant = this.two.nextGrant();
        assertThat(grant.number()).isEqualTo(last + 3);
        assertThat(grant.serverTimeMicros()).isBetween(before, before + 20_000_000);
        assertThat(grant.fullName()).isEqualTo(LOCK);
        assertThat(grant.lease()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whenNumbersHaveRunOutNobodyGetsTheLockAndItsOwnerStillFreesIt() {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        this.two.queues(this.two.owner(LOCK));
        this.inside.command("SET", fence(), Long.toString(LAST_NUMBER));

        assertThat(this.one.frees(owner)).isEqualTo(new ReleaseOutcome.Freed());

        LockStoreException failure = StoreClient.failure(this.two.ask(this.two.owner(LOCK), false));
        assertThat(failure.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(failure).hasMessageContaining(fence());
        assertThat(this.inside.keys("*")).doesNotContain(KEY);
        assertThat(this.inside.text("GET", fence())).isEqualTo(Long.toString(LAST_NUMBER));
    }

    @Test
    void counterOfForeignTypeGivesNoLockAndStaysAsItIs() {
        this.inside.command("RPUSH", fence(), "x");
        LockStoreException failure = StoreClient.failure(this.one.ask(this.one.owner(LOCK), true));
        assertThat(failure.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(failure).hasMessageContaining("WRONGTYPE");
        assertThat(this.inside.keys("*")).containsExactly(fence());
    }

    @Test
    void numbersGoOnAfterAllDataIsLost() {
        TenureId owner = this.one.owner(LOCK);
        long number = this.one.acquires(owner);
        this.inside.command("FLUSHALL");
        assertThat(this.two.acquires(this.two.owner(LOCK))).isGreaterThan(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "2:app@host:1:r:1", "something else"})
    void unknownValueIsContended(String value) {
        this.inside.command("SET", KEY, value, "PX", "5000");
        TenureId owner = this.one.owner(LOCK);

        Contended answer = this.one.fails(owner);
        assertThat(answer.holder().owner()).isEqualTo(value);
        assertThat(answer.holder().remaining()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(5));
        assertThat(this.one.frees(owner)).isEqualTo(new ReleaseOutcome.NotOwner());
        assertThat(this.one.keeps(owner)).isEqualTo(new ReleaseOutcome.NotOwner());
        assertThat(this.one.renews(owner)).isEqualTo(RenewOutcome.NOT_OWNER);
        StoreClient.answer(this.one.store().leave(owner));
        assertThat(this.inside.text("GET", KEY)).isEqualTo(value);
    }

    @Test
    void foreignValueWithoutExpiryHoldsForever() {
        this.inside.command("SET", KEY, "shared");
        assertThat(this.one.fails(this.one.owner(LOCK)).holder().remaining()).isNull();
        assertThat(StoreClient.answer(this.one.store().holder(LOCK)))
                .hasValueSatisfying(holder -> assertThat(holder.remaining()).isNull());
    }

    @Test
    void foreignTypeIsRefused() {
        this.inside.command("RPUSH", KEY, "x");
        TenureId owner = this.one.owner(LOCK);
        assertThat(StoreClient.failure(this.one.ask(owner, true)).getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(this.one.renews(owner)).isInstanceOf(RenewOutcome.Failed.class);
        assertThat(this.inside.keys("*")).containsExactly(KEY);
    }

    @Test
    void queueOfForeignTypeGivesNoLock() {
        this.inside.command("SET", KEY + ":queue", "x");
        LockStoreException failure = StoreClient.failure(this.one.ask(this.one.owner(LOCK), false));
        assertThat(failure.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(failure).hasMessageContaining("WRONGTYPE");
        assertThat(this.inside.keys("*")).doesNotContain(KEY);
    }

    @Test
    void noteOfForeignTypeKeepsNobodyInTheQueue() {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        this.inside.command("SET", KEY + ":seen", "x");

        LockStoreException failure = StoreClient.failure(this.two.ask(this.two.owner(LOCK), true));

        assertThat(failure).hasMessageContaining("WRONGTYPE");
        assertThat(this.inside.keys("*queue")).isEmpty();
        assertThat(this.one.frees(owner)).isEqualTo(new ReleaseOutcome.Freed());
    }

    @Test
    void replicaDoesNotTellWhoHasTheLock() {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        this.inside.command("REPLICAOF", "127.0.0.1", "1");
        try {
            LockStoreException failure = StoreClient.failure(this.two.ask(this.two.owner(LOCK), false));
            assertThat(failure.getOutcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(failure).hasMessageContaining("READONLY");
        } finally {
            this.inside.command("REPLICAOF", "NO", "ONE");
        }
    }

    @Test
    void demotedMasterAnswersNeitherARenewalNorAWithdrawal() {
        TenureId owner = this.one.owner(LOCK);
        TenureId other = this.one.owner("other");
        this.one.acquires(owner);
        this.one.acquires(other);
        this.inside.command("PEXPIRE", KEY, "3600000");
        this.inside.command("REPLICAOF", "127.0.0.1", "1");
        try {
            assertThat(this.one.renews(owner))
                    .isInstanceOfSatisfying(
                            RenewOutcome.Failed.class,
                            failed -> assertThat(failed.cause()).hasMessageContaining("READONLY"));
            assertThat(StoreClient.failure(this.two.store().leave(this.two.owner(LOCK))))
                    .hasMessageContaining("READONLY");
            // the call fails as a whole, by which the connection is seen to be of no use
            List<RenewOutcome> both = StoreClient.answers(this.one
                    .store()
                    .renew(List.of(new Renewal(owner, StoreClient.LEASE), new Renewal(other, StoreClient.LEASE))));
            assertThat(both.get(0)).isInstanceOf(RenewOutcome.Failed.class).isSameAs(both.get(1));
        } finally {
            this.inside.command("REPLICAOF", "NO", "ONE");
        }
    }

    @Test
    void lockOfForeignTypeDoesNotHurtTheRenewalOfOthers() {
        List<TenureId> tenures = IntStream.range(0, 250)
                .mapToObj(i -> this.one.owner("order:" + i))
                .toList();
        tenures.forEach(this.one::acquires);
        this.inside.command("DEL", "lock:{order:7}", "lock:{order:8}");
        this.inside.command("RPUSH", "lock:{order:8}", "x");

        List<RenewOutcome> outcomes = StoreClient.answers(this.one
                .store()
                .renew(tenures.stream()
                        .map(tenure -> new Renewal(tenure, Duration.ofSeconds(20)))
                        .toList()));

        assertThat(outcomes.get(7)).isEqualTo(RenewOutcome.NOT_OWNER);
        assertThat(outcomes.get(8))
                .isInstanceOfSatisfying(
                        RenewOutcome.Failed.class,
                        failed -> assertThat(failed.cause()).hasMessageContaining("WRONGTYPE"));
        assertThat(outcomes)
                .hasSize(250)
                .filteredOn(RenewOutcome.RENEWED::equals)
                .hasSize(248);
        assertThat(this.inside.number("PTTL", "lock:{order:249}")).isBetween(10_001L, 20_000L);
    }

    @Test
    void scriptsThatWereForgottenAreSentAgain() {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        this.inside.command("SCRIPT", "FLUSH");
        assertThat(this.one.renews(owner)).isEqualTo(RenewOutcome.RENEWED);
        assertThat(this.one.keeps(owner)).isInstanceOf(ReleaseOutcome.Kept.class);
        assertThat(this.one.frees(owner)).isEqualTo(new ReleaseOutcome.Freed());
    }

    @Test
    void nothingButTheCounterStays() {
        TenureId owner = this.one.owner(LOCK);
        this.one.acquires(owner);
        this.two.queues(this.two.owner(LOCK));
        this.two.queues(this.two.owner(LOCK));
        assertThat(this.inside.keys("*")).containsExactlyInAnyOrder(KEY, KEY + ":queue", KEY + ":seen", fence());

        StoreClient.answer(this.one.store().leave(owner));

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(this.inside.keys("*")).isEqualTo(Set.of(fence())));
    }

    @Test
    void waitersKeepTheirQueueAlive() {
        this.one.acquires(this.one.owner(LOCK));
        TenureId waiting = this.two.owner(LOCK);
        this.two.queues(waiting);
        this.inside.command("PEXPIRE", KEY + ":queue", "500");
        this.inside.command("PEXPIRE", KEY + ":seen", "500");

        this.two.queues(waiting);

        long lease = StoreClient.LEASE.toMillis();
        long sixPolls = StoreClient.POLL_INTERVAL.toMillis() * 6;
        assertThat(this.inside.number("PTTL", KEY + ":queue")).isBetween(lease, lease + sixPolls);
        assertThat(this.inside.number("PTTL", KEY + ":seen")).isBetween(lease, lease + sixPolls);
    }

    private String fence() {
        return new String(new KeyLayout("lock:").allKeys(LOCK)[3], StandardCharsets.UTF_8);
    }

    private void fill() {
        this.inside.command("CONFIG", "SET", "maxmemory", "1");
    }
}
