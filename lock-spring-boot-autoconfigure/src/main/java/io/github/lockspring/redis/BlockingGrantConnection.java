package io.github.lockspring.redis;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.Subscription;
import org.springframework.data.redis.connection.SubscriptionListener;

/**
 * A connection of the factory, out of its pool if it has one, whose thread receives; unless the driver does not block, as
 * Lettuce behind a factory that wraps its own.
 */
final class BlockingGrantConnection implements GrantConnection {

    private final RedisConnection connection;

    /** Another thread ends the subscription, which Spring learns a moment after the thread that receives. */
    private volatile boolean ended;

    BlockingGrantConnection(RedisConnection connection) {
        this.connection = connection;
    }

    @Override
    public void subscribe(byte[] channel, GrantReceiver receiver) {
        this.connection.subscribe(new Listener(receiver), channel);
    }

    @Override
    public boolean isSubscribed() {
        return !this.ended && this.connection.isSubscribed();
    }

    @Override
    public CompletableFuture<Void> end() {
        Subscription subscription = this.connection.getSubscription();
        if (subscription != null && subscription.isAlive()) {
            this.ended = true;
            try {
                subscription.unsubscribe();
            } catch (RuntimeException ex) {
                this.ended = false;
                throw ex;
            }
        }
        // its thread gives it back
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        RedisLink.close(this.connection);
    }

    private record Listener(GrantReceiver receiver) implements MessageListener, SubscriptionListener {

        @Override
        public void onMessage(Message message, byte @Nullable [] pattern) {
            this.receiver.onMessage(message.getBody());
        }

        @Override
        public void onChannelSubscribed(byte[] channel, long count) {
            this.receiver.onSubscribed();
        }
    }
}
