package io.github.lockspring.redis;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.Subscription;
import org.springframework.data.redis.connection.SubscriptionListener;

/** A connection of the factory, out of its pool if it has one, whose thread receives. */
final class BlockingGrantConnection implements GrantConnection {

    private final RedisConnection connection;

    /** The subscription has ended, which Spring learns a moment later if another thread has ended it. */
    private volatile boolean over;

    BlockingGrantConnection(RedisConnection connection) {
        this.connection = connection;
    }

    @Override
    public void subscribe(byte[] channel, GrantReceiver receiver) {
        try {
            this.connection.subscribe(new Listener(receiver), channel);
        } finally {
            this.over = true;
        }
    }

    @Override
    public boolean isSubscribed() {
        return !this.over && this.connection.isSubscribed();
    }

    @Override
    public CompletableFuture<Void> end() {
        Subscription subscription = this.connection.getSubscription();
        if (subscription != null && subscription.isAlive()) {
            subscription.unsubscribe();
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
