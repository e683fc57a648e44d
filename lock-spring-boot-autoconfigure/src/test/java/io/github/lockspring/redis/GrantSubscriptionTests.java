package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.atLeast;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LogCapture;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.GrantListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrantSubscriptionTests {

    private static final RedisLockStoreSettings SETTINGS = new RedisLockStoreSettings(
            "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, Duration.ofMillis(100), true);

    private final LogCapture log = LogCapture.info(GrantSubscription.class);

    private final AtomicLong clock = new AtomicLong();

    private final GrantConnection connection = mock();

    private final RedisLink link = mock();

    private final List<GrantReceiver> receivers = new CopyOnWriteArrayList<>();

    private final List<Boolean> states = new CopyOnWriteArrayList<>();

    private final GrantSubscription subscription = subscription(SETTINGS);

    @BeforeEach
    void confirmSubscriptions() {
        given(this.link.connectReceiver()).willReturn(this.connection);
        given(this.connection.isSubscribed()).willReturn(true);
        given(this.connection.end()).willReturn(CompletableFuture.completedFuture(null));
        willAnswer(invocation -> {
                    confirm(invocation.getArgument(1));
                    return null;
                })
                .given(this.connection)
                .subscribe(any(), any());
        given(this.link.run(any(), any())).willAnswer(invocation -> answered());
    }

    @AfterEach
    void close() {
        this.subscription.close();
        this.log.close();
    }

    @Test
    void subscribesAgainAfterALoss() {
        this.subscription.start();
        await().until(() -> this.states.equals(List.of(true)));
        this.receivers.get(0).onLost();
        await().untilAsserted(() -> assertThat(this.states).containsExactly(true, false, true));
        then(this.connection).should().end();
    }

    @Test
    void nothingIsHeardOfASubscriptionThatIsOver() {
        this.subscription.start();
        await().until(() -> this.states.equals(List.of(true)));
        this.receivers.get(0).onLost();
        await().until(() -> this.states.size() == 3);

        this.receivers.get(0).onSubscribed();
        this.receivers.get(0).onLost();
        this.receivers.get(1).onLost();

        await().untilAsserted(() -> assertThat(this.states).containsExactly(true, false, true, false, true));
    }

    @Test
    void replacesASubscriptionWithoutMessagesByAWorkingOne() {
        start();
        given(this.link.run(any(), any())).willAnswer(invocation -> answered()).willAnswer(invocation -> {
            hear(this.receivers.get(1));
            return answered();
        });
        checkAfter(1000);
        await().untilAsserted(() -> assertThat(this.states).containsExactly(true, false, true));
        then(this.link).should(times(2)).run(any(), any());
    }

    @Test
    void nextSubscriptionDoesNotCountBeforeSomethingHasArrived() {
        start();
        checkAfter(1000);
        await().until(() -> this.receivers.size() > 3);
        assertThat(this.states).containsExactly(true, false);
    }

    @Test
    void messageThatArrivesLeavesTheSubscriptionAlone() {
        start();
        given(this.link.run(any(), any())).willAnswer(invocation -> {
            hear(this.receivers.get(0));
            return answered();
        });

        checkAfter(1000);
        checkAfter(1000);

        then(this.link).should(times(2)).run(any(), any());
        await().during(SETTINGS.commandTimeout().multipliedBy(3)).until(() -> this.states.size() == 1);
    }

    /** Whichever comes first, the subscription or the wish. */
    @Test
    void checksOnceWhenAsked() {
        given(this.link.run(any(), any())).willAnswer(invocation -> {
            hear(this.receivers.get(0));
            return answered();
        });
        this.subscription.checkOnce();
        this.subscription.start();
        await().untilAsserted(() -> then(this.link).should(times(1)).run(any(), any()));

        this.subscription.checkOnce();
        await().untilAsserted(() -> then(this.link).should(times(2)).run(any(), any()));
        await().during(SETTINGS.commandTimeout().multipliedBy(3)).until(() -> this.states.size() == 1);
        then(this.link).should(times(2)).run(any(), any());
    }

    @Test
    void messageThatCouldNotBeSentSaysNothing() {
        start();
        given(this.link.run(any(), any()))
                .willAnswer(invocation ->
                        CompletableFuture.failedFuture(CommandFailures.notSent("echo.lua", "no connection", null)));

        checkAfter(1000);
        await().untilAsserted(() -> {
            checkAfter(1000);
            then(this.link).should(atLeastOnce()).run(any(), any());
        });

        await().during(SETTINGS.commandTimeout().multipliedBy(3)).until(() -> this.states.size() == 1);
    }

    @Test
    void checksAboutOnceAPollIntervalAndMoreOftenOnlyWithAReason() {
        start();
        given(this.link.run(any(), any())).willAnswer(invocation -> {
            hear(this.receivers.get(0));
            return answered();
        });

        for (int i = 0; i < 100; i++) {
            checkAfter(1);
        }
        then(this.link).should(never()).run(any(), any());

        this.subscription.check(true);
        then(this.link).should(times(1)).run(any(), any());
    }

    /** As a driver that blocks reads for ever from a connection that died without a word. */
    @Test
    void threadThatIsStuckDoesNotKeepTheNextSubscriptionFromBeingMade() {
        CountDownLatch connectionEnds = new CountDownLatch(1);
        given(this.connection.isSubscribed()).willReturn(false);
        blockSubscribersUntil(connectionEnds);
        this.subscription.start();
        await().until(() -> this.states.equals(List.of(true)));

        checkAfter(1000);

        await().until(() -> this.receivers.size() > 1);
        connectionEnds.countDown();
    }

    /** Each of them keeps a connection of the pool, which the application needs. */
    @Test
    void noMoreThanTwoThreadsAreStuck() {
        CountDownLatch connectionsEnd = new CountDownLatch(1);
        blockSubscribersUntil(connectionsEnd);
        start();

        checkAfter(1000);

        await().until(() -> this.receivers.size() == 2);
        await().until(() -> this.log.said().toString().contains("no other subscription is tried before that"));
        clearInvocations(this.link);
        checkAfter(1000);
        await().during(SETTINGS.commandTimeout().multipliedBy(10))
                .untilAsserted(() -> assertThat(this.receivers).hasSize(2));
        then(this.link).shouldHaveNoInteractions();
        assertThat(said(Level.WARN)).isEqualTo(2);
        connectionsEnd.countDown();
        await().until(() -> this.receivers.size() > 2);
    }

    @Test
    void errorEndsASubscriptionAndNotTheNext() {
        given(this.link.connectReceiver())
                .willThrow(new OutOfMemoryError("unable to create native thread"))
                .willReturn(this.connection);
        this.subscription.start();
        await().untilAsserted(() -> assertThat(this.states).containsExactly(true));
    }

    @Test
    void firstFailureIsWarnedOf() {
        given(this.link.connectReceiver())
                .willThrow(new IllegalStateException("no route"))
                .willReturn(this.connection);

        this.subscription.start();

        await().until(() -> said(Level.INFO) == 1);
        assertThat(said(Level.WARN)).isEqualTo(1);
        assertThat(this.log.said().toString()).contains("no route", "poll instead", "Subscribed to channel");
        then(this.link).should(never()).unreachable(any());
    }

    @Test
    void reportsAnUnreachableServerToTheStore() {
        IllegalStateException failure =
                new IllegalStateException("wrapped", new IllegalStateException("Unable to connect to redis:6379"));
        given(this.link.connectReceiver()).willThrow(failure).willReturn(this.connection);

        this.subscription.start();

        await().until(() -> this.states.equals(List.of(true)));
        then(this.link).should().unreachable(failure);
        assertThat(this.log.said()).isEmpty();
    }

    /** As a proxy that closes what it has just accepted. */
    @Test
    void subscriptionsThatAreLostAtOnceAreMadeSeldomAndToldOnceAMinute() {
        willAnswer(invocation -> {
                    GrantReceiver receiver = invocation.getArgument(1);
                    confirm(receiver);
                    receiver.onLost();
                    return null;
                })
                .given(this.connection)
                .subscribe(any(), any());

        this.subscription.start();

        await().during(Duration.ofSeconds(2)).until(() -> this.receivers.size() < 15);
        assertThat(this.receivers).hasSizeGreaterThan(2);
        assertThat(said(Level.WARN)).isEqualTo(1);
        assertThat(said(Level.INFO)).isEqualTo(1);
        this.clock.addAndGet(TimeUnit.MINUTES.toNanos(1));
        await().until(() -> said(Level.WARN) == 2);
    }

    @Test
    void subscribesAgainImmediatelyAndSilentlyAfterALongSubscription() {
        Duration pollInterval = Duration.ofHours(1);
        GrantSubscription patient = subscription(new RedisLockStoreSettings(
                "lock:", Duration.ofHours(2), pollInterval, true, SETTINGS.commandTimeout(), true));
        patient.start();
        await().until(() -> this.states.equals(List.of(true)));
        for (int i = 0; i < 5; i++) {
            lose(Duration.ofSeconds(10));
        }
        assertThat(said(Level.WARN)).isEqualTo(1);
        this.clock.addAndGet(pollInterval.multipliedBy(10).toNanos());

        lose(Duration.ofSeconds(1));

        assertThat(said(Level.WARN)).isEqualTo(1);
        assertThat(said(Level.INFO)).isEqualTo(1);
        patient.close();
    }

    @Test
    void refusedSubscriptionIsTriedAgainAtMostEveryTenSecondsForThoseWhoWait() {
        given(this.link.connectReceiver()).willThrow(new IllegalStateException("NOPERM no permission to subscribe"));
        this.subscription.start();

        awaitOneAttempt();
        await().untilAsserted(() -> {
            checkAfter(1000);
            then(this.link).should(times(2)).connectReceiver();
        });
        await().untilAsserted(() -> {
            this.subscription.tryAgain();
            then(this.link).should(atLeast(3)).connectReceiver();
        });
    }

    @Test
    void serverThatHasAcceptedAConnectionMeanwhileIsTriedAgainAtOnce() {
        given(this.link.connectReceiver())
                .willAnswer(invocation -> {
                    this.subscription.tryAgain();
                    throw new IllegalStateException("WRONGPASS invalid username-password pair");
                })
                .willReturn(this.connection);
        this.subscription.start();
        await().untilAsserted(() -> assertThat(this.states).containsExactly(true));
    }

    @Test
    void driverThatCannotSubscribeIsNotTriedAgainForThoseWhoWait() {
        given(this.link.connectReceiver()).willThrow(new UnsupportedOperationException("static set"));
        this.subscription.start();

        awaitOneAttempt();
        for (int i = 0; i < 40; i++) {
            checkAfter(1000);
        }
        awaitOneAttempt();
        assertThat(said(Level.WARN)).isEqualTo(1);
    }

    private void blockSubscribersUntil(CountDownLatch end) {
        willAnswer(invocation -> {
                    confirm(invocation.getArgument(1));
                    end.await();
                    return null;
                })
                .given(this.connection)
                .subscribe(any(), any());
    }

    /** In a few seconds of the clock. */
    private void awaitOneAttempt() {
        await().during(Duration.ofMillis(500)).untilAsserted(() -> {
            checkAfter(1000);
            then(this.link).should(times(1)).connectReceiver();
        });
    }

    private void lose(Duration mended) {
        int told = this.states.size();
        this.receivers.get(this.receivers.size() - 1).onLost();
        await().atMost(mended).until(() -> this.states.size() == told + 2);
    }

    private GrantSubscription subscription(RedisLockStoreSettings settings) {
        return new GrantSubscription(
                this.link, new KeyLayout("lock:"), "me", new Listener(), settings, this.clock::get);
    }

    private int said(Level level) {
        return this.log.said(level).size();
    }

    private void start() {
        this.subscription.start();
        await().until(() -> this.states.equals(List.of(true)));
        clearInvocations(this.link);
    }

    private void checkAfter(long millis) {
        this.clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        this.subscription.check(false);
    }

    private static CompletableFuture<ScriptReply> answered() {
        return CompletableFuture.completedFuture(ScriptReply.of(1L));
    }

    private void confirm(GrantReceiver receiver) {
        this.receivers.add(receiver);
        receiver.onSubscribed();
    }

    private static void hear(GrantReceiver receiver) {
        receiver.onMessage(KeyLayout.bytes("echo"));
    }

    private final class Listener implements GrantListener {

        @Override
        public void onGrant(Grant grant) {
            throw new AssertionError(grant);
        }

        @Override
        public void onListening(boolean listening) {
            GrantSubscriptionTests.this.states.add(listening);
        }
    }
}
