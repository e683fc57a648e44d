package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;

import io.github.lockspring.store.Grant;
import io.github.lockspring.store.GrantListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.SubscriptionListener;

class GrantSubscriptionTests {

    private final RedisConnectionFactory factory = mock();

    private final RedisConnection connection = mock();

    private final RedisLink link = mock();

    private final CompletableFuture<SubscriptionListener> receiver = new CompletableFuture<>();

    private final CompletableFuture<Runnable> lost = new CompletableFuture<>();

    private final Heard heard = new Heard();

    private final GrantSubscription subscription = new GrantSubscription(
            this.factory, this.link, new KeyLayout("lock:"), "me", this.heard, Duration.ofSeconds(1));

    @AfterEach
    void close() {
        this.subscription.close(Duration.ofSeconds(10));
    }

    /** The driver may lose a connection and have it again at once, on different threads. */
    @Test
    void whatIsHeardLastIsTrueHoweverLossAndReturnOverlap() {
        given(this.factory.getConnection()).willReturn(this.connection);
        given(this.connection.isSubscribed()).willReturn(true);
        willAnswer(invocation -> this.receiver.complete(invocation.getArgument(0)))
                .given(this.connection)
                .subscribe(any(), any());
        willAnswer(invocation -> this.lost.complete(invocation.getArgument(1)))
                .given(this.link)
                .onSubscriptionLost(any(), any());
        this.subscription.start();
        subscribed();
        Thread returning = new Thread(this::subscribed);
        this.heard.onLoss = () -> {
            returning.start();
            await().until(() -> !returning.isAlive() || returning.getState() == Thread.State.WAITING);
        };

        this.lost.join().run();

        await().untilAsserted(() -> assertThat(this.heard.states).containsExactly(true, false, true));
        this.heard.onLoss = () -> {};
    }

    private void subscribed() {
        this.receiver.join().onChannelSubscribed(new byte[0], 1);
    }

    private static final class Heard implements GrantListener {

        private final List<Boolean> states = new CopyOnWriteArrayList<>();

        private volatile Runnable onLoss = () -> {};

        @Override
        public void onGrant(Grant grant) {
            throw new AssertionError(grant);
        }

        @Override
        public void onListening(boolean listening) {
            if (!listening) {
                this.onLoss.run();
            }
            this.states.add(listening);
        }
    }
}
