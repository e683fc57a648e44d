package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.AcquireOutcome.Acquired;
import io.github.lockspring.store.AcquireOutcome.Contended;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.GrantListener;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** A process with a store of its own, which waits for every answer. */
final class StoreClient implements AutoCloseable {

    static final Duration LEASE = Duration.ofSeconds(10);

    static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    private final String client = "test@host:1:" + UUID.randomUUID();

    private final AtomicLong sequence = new AtomicLong();

    private final RedisLockStore store;

    private final BlockingQueue<Grant> grants = new LinkedBlockingQueue<>();

    private final AtomicInteger reconnections = new AtomicInteger();

    private final List<Boolean> listening = new CopyOnWriteArrayList<>();

    StoreClient(RedisConnectionFactory factory, String prefix) {
        this(factory, RedisLockStoreFixture.settings(prefix));
    }

    StoreClient(RedisConnectionFactory factory, RedisLockStoreSettings settings) {
        this.store = new RedisLockStore(factory, settings);
    }

    RedisLockStore store() {
        return this.store;
    }

    String client() {
        return this.client;
    }

    /** Starts to listen, and does not wait for it. */
    StoreClient subscribe() {
        this.store.onGrant(this.client, new GrantListener() {
            @Override
            public void onGrant(Grant grant) {
                StoreClient.this.grants.add(grant);
            }

            @Override
            public void onListening(boolean listening) {
                StoreClient.this.listening.add(listening);
            }

            @Override
            public void onReconnected() {
                StoreClient.this.reconnections.incrementAndGet();
            }
        });
        return this;
    }

    /** How often the listener was told of a new connection. */
    int reconnections() {
        return this.reconnections.get();
    }

    StoreClient awaitListening() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> isListening());
        return this;
    }

    boolean isListening() {
        return !this.listening.isEmpty() && this.listening.get(this.listening.size() - 1);
    }

    /** What the listener was told of the subscription so far. */
    List<Boolean> listening() {
        return this.listening;
    }

    Grant nextGrant() throws InterruptedException {
        Grant grant = this.grants.poll(10, TimeUnit.SECONDS);
        assertThat(grant).as("a grant within ten seconds").isNotNull();
        return grant;
    }

    boolean hasGrants() {
        return !this.grants.isEmpty();
    }

    TenureId owner(String lock) {
        return TenureId.exclusive(lock, this.client + ':' + this.sequence.incrementAndGet());
    }

    CompletionStage<AcquireOutcome> ask(TenureId tenure, boolean mayQueue) {
        return this.store.acquire(request(tenure).mayQueue(mayQueue));
    }

    CompletionStage<AcquireOutcome> askFairly(TenureId tenure) {
        return this.store.acquire(request(tenure).fair(true).mayQueue(true));
    }

    long acquires(TenureId tenure) {
        AcquireOutcome outcome = answer(ask(tenure, false));
        assertThat(outcome).isInstanceOf(Acquired.class);
        return ((Acquired) outcome).number();
    }

    Contended fails(TenureId tenure) {
        return contended(answer(ask(tenure, false)));
    }

    Contended queues(TenureId tenure) {
        return contended(answer(ask(tenure, true)));
    }

    Contended queuesHavingWaited(TenureId tenure, Duration waited) {
        return contended(
                answer(this.store.acquire(request(tenure).mayQueue(true).waited(waited))));
    }

    ReleaseOutcome frees(TenureId tenure) {
        return answer(this.store.release(tenure, ReleaseMode.FREE));
    }

    ReleaseOutcome keeps(TenureId tenure) {
        return answer(this.store.release(tenure, new ReleaseMode.KeepIfNobodyWaits(LEASE)));
    }

    RenewOutcome renews(TenureId tenure) {
        return answer(this.store.renew(List.of(new Renewal(tenure, LEASE))).get(0));
    }

    static <T> T answer(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException ex) {
            throw new AssertionError("No answer from the store", ex);
        } catch (ExecutionException ex) {
            throw new AssertionError("The store failed", ex.getCause());
        }
    }

    static <T> List<T> answers(List<? extends CompletionStage<T>> stages) {
        return stages.stream().map(StoreClient::answer).toList();
    }

    /** Expects a command to fail. */
    static LockStoreException failure(CompletionStage<?> stage) {
        Throwable failure = catchThrowable(() -> stage.toCompletableFuture().get(20, TimeUnit.SECONDS));
        assertThat(failure).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(LockStoreException.class);
        return (LockStoreException) failure.getCause();
    }

    private static Contended contended(AcquireOutcome outcome) {
        assertThat(outcome).isInstanceOf(Contended.class);
        return (Contended) outcome;
    }

    @Override
    public void close() {
        this.store.close();
    }

    private TenureRequest request(TenureId tenure) {
        return TenureRequest.of(tenure, LEASE).listening(isListening()).pollInterval(POLL_INTERVAL);
    }
}
