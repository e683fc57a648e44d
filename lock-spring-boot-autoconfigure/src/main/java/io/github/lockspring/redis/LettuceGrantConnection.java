package io.github.lockspring.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A connection made by the client itself, never from the factory's pool, which would lack one for ever. */
final class LettuceGrantConnection implements GrantConnection {

    private final StatefulRedisPubSubConnection<byte[], byte[]> connection;

    private volatile boolean subscribed;

    LettuceGrantConnection(AbstractRedisClient client) {
        try {
            this.connection = client instanceof RedisClusterClient cluster
                    ? cluster.connectPubSub(ByteArrayCodec.INSTANCE)
                    : ((RedisClient) client).connectPubSub(ByteArrayCodec.INSTANCE);
        } catch (IllegalStateException ex) {
            throw new UnsupportedOperationException("Lettuce cannot subscribe to a static set of servers", ex);
        }
    }

    @Override
    public void subscribe(byte[] channel, GrantReceiver receiver) {
        this.connection.addListener(new RedisPubSubAdapter<byte[], byte[]>() {
            @Override
            public void subscribed(byte[] confirmed, long count) {
                receiver.onSubscribed();
            }

            @Override
            public void message(byte[] from, byte[] message) {
                receiver.onMessage(message);
            }
        });
        LettuceSession.onLost(this.connection, receiver::onLost);
        this.subscribed = true;
        this.connection.sync().subscribe(channel);
    }

    @Override
    public boolean isSubscribed() {
        return this.subscribed;
    }

    @Override
    public CompletableFuture<Void> end() {
        return LettuceSession.end(this.connection);
    }

    @Override
    public void close() {
        end().completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
    }
}
