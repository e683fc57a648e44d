package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.GrantListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.SubscriptionListener;

/**
 * The subscription to this process's channel: one channel, one thread that subscribes, and subscribes again for as long
 * as it takes. With a driver that blocks, that thread is also the one that receives; with Lettuce, it waits, and the
 * driver renews a lost subscription by itself.
 */
final class GrantSubscription {

    private static final Logger log = LoggerFactory.getLogger(GrantSubscription.class);

    private static final long FIRST_PAUSE_MILLIS = 50;

    private static final int PAUSES_UNTIL_GIVEN_UP = 5;

    private final RedisConnectionFactory factory;

    private final RedisLink link;

    private final KeyLayout layout;

    private final byte[] channel;

    private final GrantListener listener;

    private final long longestPauseMillis;

    private final Thread thread;

    private final CountDownLatch closed = new CountDownLatch(1);

    private final ReentrantLock transition = new ReentrantLock();

    private final AtomicBoolean warned = new AtomicBoolean();

    private volatile boolean listening;

    private volatile @Nullable RedisConnection connection;

    GrantSubscription(
            RedisConnectionFactory factory,
            RedisLink link,
            KeyLayout layout,
            String client,
            GrantListener listener,
            Duration longestPause) {
        this.factory = factory;
        this.link = link;
        this.layout = layout;
        this.channel = layout.channel(client);
        this.listener = listener;
        this.longestPauseMillis = longestPause.toMillis();
        this.thread = DaemonThreads.named("redis-grants").newThread(this::run);
    }

    void start() {
        this.thread.start();
    }

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        while (!isClosed()) {
            RuntimeException failure = null;
            try {
                subscribe();
            } catch (RuntimeException ex) {
                failure = ex;
            }
            if (this.listening) {
                pause = FIRST_PAUSE_MILLIS;
            }
            lost();
            if (!isClosed()) {
                warn(failure);
                awaitClosed(pause);
                pause = Math.min(2 * pause, this.longestPauseMillis);
            }
        }
    }

    private void warn(@Nullable RuntimeException failure) {
        if (!this.warned.getAndSet(true)) {
            log.warn(
                    "No subscription to channel {} ({}): requests that wait for a lock poll instead, and it is tried again"
                            + " and again{}",
                    new String(this.channel, StandardCharsets.UTF_8),
                    failure != null ? CommandFailures.why(failure) : "it was lost",
                    failure != null && CommandFailures.isForbidden(failure)
                            ? ". Permit the Redis user to subscribe, or set 'distributed-lock.redis.subscribe' to false"
                            : "");
            log.debug("Why there is no subscription", failure);
        }
    }

    /** Returns, or fails, when the subscription is over. */
    private void subscribe() {
        RedisConnection opened = this.factory.getConnection();
        this.connection = opened;
        try {
            opened.subscribe(new Receiver(), this.channel);
            if (opened.isSubscribed()) {
                this.link.onSubscriptionLost(opened, this::lost);
                awaitLoss();
            }
        } finally {
            this.connection = null;
            Connections.close(opened);
        }
    }

    /** A driver that subscribes again by itself gets some time for it. */
    private void awaitLoss() {
        for (int silent = 0; silent < PAUSES_UNTIL_GIVEN_UP && !isClosed(); ) {
            awaitClosed(this.longestPauseMillis);
            silent = this.listening ? 0 : silent + 1;
        }
    }

    private void lost() {
        listening(false);
    }

    /** Several threads learn of it: whom the listener hears last is to be right. */
    private void listening(boolean present) {
        this.transition.lock();
        try {
            if (present || this.listening) {
                this.listening = present;
                this.listener.onListening(present);
            }
        } finally {
            this.transition.unlock();
        }
    }

    private boolean isClosed() {
        return this.closed.getCount() == 0;
    }

    private void awaitClosed(long millis) {
        try {
            this.closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException ex) {
            this.closed.countDown();
        }
    }

    /** Ends the subscription and waits, within limits, until its connection has been given back. */
    void close(Duration limit) {
        this.closed.countDown();
        long attempts = limit.toMillis() / FIRST_PAUSE_MILLIS + 1;
        try {
            for (long i = 0; i < attempts && this.thread.isAlive(); i++) {
                RedisConnection open = this.connection;
                if (open != null) {
                    this.link.endSubscription(open);
                }
                this.thread.join(FIRST_PAUSE_MILLIS);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs on a thread of the driver. */
    private final class Receiver implements MessageListener, SubscriptionListener {

        @Override
        public void onMessage(Message message, byte @Nullable [] pattern) {
            GrantMessage.read(message.getBody(), GrantSubscription.this.layout)
                    .ifPresent(GrantSubscription.this.listener::onGrant);
        }

        @Override
        public void onChannelSubscribed(byte[] channel, long count) {
            if (GrantSubscription.this.warned.getAndSet(false)) {
                log.info("Subscribed to channel {}", new String(channel, StandardCharsets.UTF_8));
            }
            listening(true);
        }
    }
}
