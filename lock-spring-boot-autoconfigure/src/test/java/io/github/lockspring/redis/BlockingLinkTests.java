package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willReturn;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.times;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.redis.RedisLink.Lane;
import io.lettuce.core.api.StatefulConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisScriptingCommands;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

class BlockingLinkTests {

    private static final List<Long> REPLY = List.of(1L);

    private final AtomicLong clock = new AtomicLong();

    private final AtomicInteger returns = new AtomicInteger();

    private final RedisScriptingCommands scripting = mock();

    private final RedisConnection connection = mock();

    private final RedisConnectionFactory factory = mock();

    private final BlockingLink link = new BlockingLink(
            this.factory,
            RedisLockStoreSettings.DEFAULTS,
            RedisServerLabel.DEFAULT,
            this.clock::get,
            this.returns::incrementAndGet);

    private final CountDownLatch serverAnswers = new CountDownLatch(1);

    BlockingLinkTests() {
        given(this.factory.getConnection()).willReturn(this.connection);
        given(this.connection.scriptingCommands()).willReturn(this.scripting);
    }

    @AfterEach
    void close() {
        this.serverAnswers.countDown();
        this.link.close();
    }

    @Test
    void renewalsDoNotWaitBehindAcquisitions() throws Exception {
        slow(LockScript.ACQUIRE);
        reply(LockScript.RENEW);
        List<CompletableFuture<ScriptReply>> acquisitions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            acquisitions.add(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
        }
        assertThat(get(this.link.run(call(LockScript.RENEW), Lane.HAVING)).number(0))
                .isEqualTo(1);
        assertThat(acquisitions).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void connectingDoesNotBlockTheCaller() {
        willAnswer(invocation -> {
                    this.serverAnswers.await();
                    return this.connection;
                })
                .given(this.factory)
                .getConnection();

        CompletableFuture<ScriptReply> result = this.link.run(call(LockScript.ACQUIRE), Lane.WANTING);

        assertThat(result).isNotDone();
    }

    @Test
    void whatHasWaitedTooLongIsNotSent() {
        slow(LockScript.ACQUIRE);
        List<CompletableFuture<ScriptReply>> acquisitions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            acquisitions.add(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
        }
        LockStoreException failure = failure(acquisitions.get(99));
        assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);
        assertThat(failure).hasMessageContaining("all threads for it are waiting for a response of Redis");
        assertThat(acquisitions.get(0)).isNotDone();
    }

    @Test
    void whatHasWaitedTooLongForAConnectionIsNotSentOnceThereIsOne() throws Exception {
        willAnswer(invocation -> {
                    this.serverAnswers.await();
                    return this.connection;
                })
                .given(this.factory)
                .getConnection();

        LockStoreException failure = failure(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
        this.serverAnswers.countDown();

        assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);
        then(this.connection).should(timeout(20_000)).close();
        then(this.scripting).shouldHaveNoInteractions();
    }

    @Test
    void waitingForAPoolIsNoOutageAndToldAsWhatItIs() throws Exception {
        reply(LockScript.ACQUIRE);
        try (GenericObjectPool<RedisConnection> pool = exhaustedPool()) {
            given(this.factory.getConnection()).willAnswer(invocation -> pool.borrowObject());

            List<CompletableFuture<ScriptReply>> acquisitions = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                acquisitions.add(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
            }
            this.clock.addAndGet(TimeUnit.SECONDS.toNanos(10));

            for (CompletableFuture<ScriptReply> acquisition : acquisitions) {
                LockStoreException failure = failure(acquisition);
                assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);
                assertThat(failure).hasMessageContaining("the connection pool is exhausted");
            }
            this.connection.close();
            get(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
            assertThat(this.returns).hasValue(0);
        }
    }

    /** It will send the command once it has a connection. */
    @Test
    void reportsWaitingForThePoolInsideTheDriver() throws Exception {
        try (GenericObjectPool<RedisConnection> pool = exhaustedPool()) {
            given(this.scripting.evalSha(anyString(), any(), anyInt(), any(byte[][].class)))
                    .willAnswer(invocation -> {
                        pool.borrowObject();
                        return REPLY;
                    });

            LockStoreException failure = failure(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));

            assertThat(failure.getOutcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(failure).hasMessageContaining("the connection pool is exhausted");
            this.connection.close();
            get(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
        }
    }

    /** One of the real thing, whose callers wait for ever; closing the connection gives it back. */
    private GenericObjectPool<RedisConnection> exhaustedPool() throws Exception {
        GenericObjectPool<RedisConnection> pool = new GenericObjectPool<>(new BasePooledObjectFactory<>() {
            @Override
            public RedisConnection create() {
                return BlockingLinkTests.this.connection;
            }

            @Override
            public PooledObject<RedisConnection> wrap(RedisConnection connection) {
                return new DefaultPooledObject<>(connection);
            }
        });
        pool.setMaxTotal(1);
        pool.borrowObject();
        willAnswer(invocation -> {
                    pool.returnObject(this.connection);
                    return null;
                })
                .given(this.connection)
                .close();
        return pool;
    }

    /** It would be left with none for its commands, and ask for one, with a new thread, again and again. */
    @Test
    void subscriptionDoesNotTakeTheOnlyConnectionOfAPool() {
        GenericObjectPoolConfig<StatefulConnection<?, ?>> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(1);
        LettuceClientConfiguration client =
                LettucePoolingClientConfiguration.builder().poolConfig(pool).build();
        BlockingLink single = new BlockingLink(
                new LettuceConnectionFactory(new RedisStandaloneConfiguration(), client),
                RedisLockStoreSettings.DEFAULTS,
                RedisServerLabel.DEFAULT,
                this.clock::get,
                this.returns::incrementAndGet);

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(single::connectReceiver)
                .withMessageContaining("'spring.data.redis.lettuce.pool.max-active' (now 1)");
        single.close();
    }

    /** The driver may have sent nothing, or a first copy that was answered by a redirection. */
    @Test
    void exhaustedPoolOfAClusterIsNeitherAnUnknownOutcomeNorABrokenServer() {
        RedisClusterConnection cluster = mock();
        given(cluster.scriptingCommands()).willReturn(this.scripting);
        given(this.factory.getConnection()).willReturn(cluster);
        given(this.scripting.evalSha(anyString(), any(), anyInt(), any(byte[][].class)))
                .willThrow(new IllegalArgumentException(
                        "Could not get a resource from the pool",
                        new NoSuchElementException("Timeout waiting for idle object")));

        for (int i = 0; i < 20; i++) {
            LockStoreException failure = failure(this.link.run(call(LockScript.RENEW), Lane.HAVING));
            assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);
            assertThat(failure).hasMessageContaining("the connection pool is exhausted");
        }
    }

    @Test
    void interruptOfTheDriverDoesNotReachListenersOfTheResult() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        given(this.scripting.evalSha(anyString(), any(), anyInt(), any(byte[][].class)))
                .willAnswer(invocation -> {
                    heard.await();
                    Thread.currentThread().interrupt();
                    return REPLY;
                });

        CompletableFuture<Boolean> interrupted = this.link
                .run(call(LockScript.RENEW), Lane.HAVING)
                .thenApply(reply -> Thread.currentThread().isInterrupted());
        heard.countDown();

        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void threadsThatRunCommandsMustNotBlock() throws Exception {
        CountDownLatch listening = new CountDownLatch(1);
        given(this.scripting.evalSha(anyString(), any(), anyInt(), any(byte[][].class)))
                .willAnswer(invocation -> {
                    listening.await();
                    return REPLY;
                });

        CompletableFuture<Boolean> mustNotBlock = this.link
                .run(call(LockScript.RENEW), Lane.HAVING)
                .thenApply(reply -> this.link.mustNotBlock(Thread.currentThread()));
        listening.countDown();

        assertThat(mustNotBlock.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(this.link.mustNotBlock(Thread.currentThread())).isFalse();
    }

    @Test
    void oneThatFailsDoesNotHurtTheOthers() throws Exception {
        given(this.scripting.evalSha(anyString(), any(), anyInt(), any(byte[][].class)))
                .willReturn(REPLY)
                .willThrow(new IllegalStateException("Connection reset"))
                .willReturn(REPLY);

        get(this.link.run(call(LockScript.RENEW), Lane.HAVING));
        assertThat(failure(this.link.run(call(LockScript.RENEW), Lane.HAVING)).getOutcome())
                .isEqualTo(Outcome.UNKNOWN);
        get(this.link.run(call(LockScript.RENEW), Lane.HAVING));
        then(this.connection).should(timeout(20_000).times(3)).close();
    }

    @Test
    void unknownScriptIsSentInFull() throws Exception {
        given(this.scripting.evalSha(anyString(), any(), anyInt(), any(byte[][].class)))
                .willThrow(
                        new IllegalStateException("wrapped", new IllegalStateException("NOSCRIPT No matching script")));
        given(this.scripting.eval(any(), any(), anyInt(), any(byte[][].class))).willReturn(REPLY);
        assertThat(get(this.link.run(call(LockScript.RENEW), Lane.HAVING)).number(0))
                .isEqualTo(1);
    }

    @Test
    void digestsAreNotUsedWhereTheyAreRefusedAloneUntilAConnectionIsReplaced() throws Exception {
        given(this.scripting.evalSha(anyString(), any(), anyInt(), any(byte[][].class)))
                .willThrow(new IllegalStateException(
                        "wrapped", new IllegalStateException("ERR unknown command `EVALSHA`")));
        given(this.scripting.eval(any(), any(), anyInt(), any(byte[][].class)))
                .willThrow(new IllegalStateException("NOPERM this user has no permissions to run the 'eval' command"))
                .willReturn(REPLY);

        assertThat(failure(this.link.run(call(LockScript.RENEW), Lane.HAVING)).getOutcome())
                .isEqualTo(Outcome.REFUSED);
        get(this.link.run(call(LockScript.RENEW), Lane.HAVING));
        get(this.link.run(call(LockScript.RENEW), Lane.HAVING));
        then(this.scripting).should(times(2)).evalSha(anyString(), any(), anyInt(), any(byte[][].class));

        this.link.reachable();
        get(this.link.run(call(LockScript.RENEW), Lane.HAVING));
        then(this.scripting).should(times(3)).evalSha(anyString(), any(), anyInt(), any(byte[][].class));
    }

    @Test
    void refusedConnectionMeansThatNothingHappened() {
        given(this.factory.getConnection()).willThrow(new IllegalStateException("Redis is down"));
        LockStoreException failure = failure(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
        assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);
        assertThat(failure).hasMessageContaining("Redis is down").hasMessageContaining("acquire.lua");
    }

    @Test
    void connectionThatIsRefusedForGoodRefusesEveryCommandAndIsTriedOnceASecond() {
        given(this.factory.getConnection())
                .willThrow(new RedisConnectionFailureException(
                        "Could not get a resource from the pool", new IllegalStateException("WRONGPASS invalid")));

        for (int i = 0; i < 100; i++) {
            LockStoreException failure = failure(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
            assertThat(failure.getOutcome()).isEqualTo(Outcome.REFUSED);
            assertThat(failure).hasMessageContaining("WRONGPASS").hasMessageContaining("spring.data.redis.password");
        }

        then(this.factory).should(times(2)).getConnection();
    }

    @Test
    void serverThatIsDownIsTriedOnceASecondUntilItIsBack() throws Exception {
        reply(LockScript.ACQUIRE);
        given(this.factory.getConnection()).willThrow(new RedisConnectionFailureException("Redis is down"));
        failure(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
        failure(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));

        for (int i = 0; i < 100; i++) {
            LockStoreException failure = failure(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
            assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);
            assertThat(failure).hasMessageContaining("Redis is down").hasMessageContaining("for 0 s now");
        }
        then(this.factory).should(times(2)).getConnection();

        willReturn(this.connection).given(this.factory).getConnection();
        this.clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        get(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
        get(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
        assertThat(this.returns).hasValue(1);
    }

    @Test
    void exhaustedPoolIsNoOutage() {
        given(this.factory.getConnection())
                .willThrow(new IllegalArgumentException(
                        "Could not get a resource from the pool", new NoSuchElementException("Pool exhausted")));

        for (int i = 0; i < 10; i++) {
            failure(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING));
        }

        then(this.factory).should(times(10)).getConnection();
    }

    @Test
    void serverThatIsSilentGetsNoMoreCommands() {
        slow(LockScript.ACQUIRE);
        this.link.run(call(LockScript.ACQUIRE), Lane.WANTING);
        this.clock.addAndGet(TimeUnit.SECONDS.toNanos(2));

        await().untilAsserted(() -> {
            this.clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            assertThat(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING)).isCompletedExceptionally();
        });
        assertThat(failure(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING)))
                .hasMessageContaining("no answer for 2000 ms");
    }

    /** A pool has many connections, all of which broke when the server was restarted. */
    @Test
    void connectionsThatBrokeDoNotKeepTheNextFromBeingTried() throws Exception {
        given(this.scripting.evalSha(anyString(), any(), anyInt(), any(byte[][].class)))
                .willThrow(new IllegalStateException("Unexpected end of stream."))
                .willThrow(new IllegalStateException("Unexpected end of stream."))
                .willReturn(REPLY);

        assertThat(failure(this.link.run(call(LockScript.RENEW), Lane.HAVING)).getOutcome())
                .isEqualTo(Outcome.UNKNOWN);
        failure(this.link.run(call(LockScript.RENEW), Lane.HAVING));
        get(this.link.run(call(LockScript.RENEW), Lane.HAVING));
    }

    @Test
    void errorEndsACallToo() {
        given(this.scripting.evalSha(anyString(), any(), anyInt(), any(byte[][].class)))
                .willThrow(new StackOverflowError());
        assertThat(failure(this.link.run(call(LockScript.RENEW), Lane.HAVING)).getOutcome())
                .isEqualTo(Outcome.UNKNOWN);

        willThrow(new OutOfMemoryError("no thread")).given(this.factory).getConnection();
        assertThat(failure(this.link.run(call(LockScript.RENEW), Lane.HAVING)).getOutcome())
                .isEqualTo(Outcome.NOT_EXECUTED);
    }

    @Test
    void closedLinkRefuses() {
        this.link.close();
        assertThat(failure(this.link.run(call(LockScript.ACQUIRE), Lane.WANTING))
                        .getOutcome())
                .isEqualTo(Outcome.NOT_EXECUTED);
    }

    private void slow(LockScript script) {
        willAnswer(invocation -> {
                    this.serverAnswers.await();
                    return REPLY;
                })
                .given(this.scripting)
                .evalSha(eq(script.sha()), any(), anyInt(), any(byte[][].class));
    }

    private void reply(LockScript script) {
        given(this.scripting.evalSha(eq(script.sha()), any(), anyInt(), any(byte[][].class)))
                .willReturn(REPLY);
    }

    private static ScriptCall call(LockScript script) {
        return new ScriptCall(script, new byte[][] {KeyLayout.bytes("lock:{x}")});
    }

    private static ScriptReply get(CompletableFuture<ScriptReply> result) throws Exception {
        return result.get(20, TimeUnit.SECONDS);
    }

    private static LockStoreException failure(CompletableFuture<ScriptReply> result) {
        Throwable failure = catchThrowable(() -> get(result));
        assertThat(failure).hasCauseInstanceOf(LockStoreException.class);
        return (LockStoreException) failure.getCause();
    }
}
