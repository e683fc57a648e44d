package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.AcquireOutcome.Contended;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Owners that wait stay in order over a stall of the server, and over the loss of what it knew of them. */
@Tag("outer-lines")
class RedisStallIntegrationTests {

    private static final String LOCK = "order:42";

    private static final String KEY = "lock:{order:42}";

    /** After three poll intervals without a word an owner is gone. */
    private static final Duration STALL = StoreClient.POLL_INTERVAL.multipliedBy(8);

    private static RedisProcess redis;

    private static LettuceConnectionFactory factory;

    private RespClient inside;

    private StoreClient client;

    private TenureId holder;

    private TenureId first;

    private TenureId second;

    @BeforeAll
    static void start() {
        redis = RedisProcess.started();
        factory = Drivers.lettuce(redis.host(), redis.port());
    }

    @AfterAll
    static void stop() {
        factory.destroy();
        redis.close();
    }

    @BeforeEach
    void waitForALock() {
        this.inside = redis.client();
        this.inside.command("FLUSHALL");
        this.client = new StoreClient(factory, "lock:");
        this.holder = this.client.owner(LOCK);
        this.first = this.client.owner(LOCK);
        this.second = this.client.owner(LOCK);
        this.client.acquires(this.holder);
        this.client.queues(this.first);
        this.client.queues(this.second);
    }

    @AfterEach
    void disconnect() {
        this.client.close();
        this.inside.close();
    }

    @Test
    void newcomerThatAsksFirstAfterwardsStandsBehind() {
        TenureId newcomer = this.client.owner(LOCK);

        Contended answer = contended(overAStall(() -> this.client.askFairly(newcomer)));

        assertThat(answer.rank()).isEqualTo(2);
        assertThat(this.client.frees(this.holder)).isEqualTo(new ReleaseOutcome.HandedOver());
        assertHeldBy(this.first);
        this.client.acquires(this.first);
        this.client.frees(this.first);
        assertHeldBy(this.second);
    }

    @Test
    void releaseThatComesFirstAfterwardsServesTheFirst() {
        assertThat(overAStall(() -> this.client.store().release(this.holder, ReleaseMode.FREE)))
                .isEqualTo(new ReleaseOutcome.HandedOver());
        assertHeldBy(this.first);
        assertThat(contended(StoreClient.answer(this.client.askFairly(this.second)))
                        .rank())
                .isZero();
    }

    @Test
    void newcomerThatFindsTheLockExpiredAfterwardsGivesItToTheFirst() {
        this.inside.command("PEXPIRE", KEY, "500");
        TenureId newcomer = this.client.owner(LOCK);
        Contended answer = contended(overAStall(() -> this.client.askFairly(newcomer)));
        assertThat(answer.holder().owner()).isEqualTo(this.first.owner());
        assertThat(answer.rank()).isEqualTo(1);
    }

    @Test
    void laterOwnerWhoseRequestIsExecutedFirstAfterwardsStaysBehind() {
        CompletionStage<AcquireOutcome> early = overAStallUnanswered(() -> {
            this.client.askFairly(this.second);
            return this.client.askFairly(this.first);
        });
        assertThat(contended(StoreClient.answer(early)).rank()).isZero();
        assertThat(this.client.queues(this.second).rank()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEL " + KEY + ":queue " + KEY + ":seen", "FLUSHALL"})
    void ownersThatAskAgainInAnotherOrderRegainTheirPlaces(String loss) {
        this.inside.command(loss.split(" "));
        StoreClient.answer(this.client.ask(this.holder, false));

        assertThat(this.client
                        .queuesHavingWaited(this.second, Duration.ofSeconds(10))
                        .rank())
                .isZero();
        assertThat(this.client
                        .queuesHavingWaited(this.first, Duration.ofSeconds(20))
                        .rank())
                .isZero();

        assertThat(this.client.frees(this.holder)).isEqualTo(new ReleaseOutcome.HandedOver());
        assertHeldBy(this.first);
    }

    @Test
    void nothingOfAStallIsLeft() {
        overAStall(() -> this.client.store().release(this.holder, ReleaseMode.FREE));
        StoreClient.answer(this.client.store().leave(this.second));
        this.client.acquires(this.first);
        this.client.frees(this.first);
        assertThat(this.inside.keys(KEY + "*")).isEmpty();
    }

    private static <T> T overAStall(Supplier<CompletionStage<T>> command) {
        return StoreClient.answer(overAStallUnanswered(command));
    }

    /** Sends a command while the server stands still. */
    private static <T> CompletionStage<T> overAStallUnanswered(Supplier<CompletionStage<T>> command) {
        redis.pause();
        try {
            long begin = System.nanoTime();
            CompletionStage<T> answer = command.get();
            Awaitility.await().until(() -> System.nanoTime() - begin > STALL.toNanos());
            assertThat(answer.toCompletableFuture()).isNotDone();
            return answer;
        } finally {
            redis.resume();
        }
    }

    private void assertHeldBy(TenureId owner) {
        assertThat(this.inside.text("GET", KEY)).endsWith(owner.owner());
    }

    private static Contended contended(AcquireOutcome outcome) {
        assertThat(outcome).isInstanceOf(Contended.class);
        return (Contended) outcome;
    }
}
