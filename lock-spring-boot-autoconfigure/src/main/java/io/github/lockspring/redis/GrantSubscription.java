package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.GrantListener;
import io.github.lockspring.store.StageFailures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.SubscriptionListener;

/**
 * The subscription to this process's channel, and subscribed again for as long as it takes. One thread supervises: it
 * starts a thread for each subscription, which with a driver that blocks is also the one that receives, and is the only
 * one that tells the listener whether grants can arrive.
 *
 * <p>A connection may die without a word. Then nothing arrives, and Redis may still count a subscriber. Therefore the
 * process sends itself a message now and then while it waits for grants ({@link #check}); if that does not arrive within
 * a command time-out, the subscription is given up, and the next one counts only once a message has arrived through it.
 */
final class GrantSubscription {

    private static final Logger log = LoggerFactory.getLogger(GrantSubscription.class);

    private static final long FIRST_PAUSE_MILLIS = 50;

    private static final Duration SUSPICIONS_EVERY = Duration.ofMillis(100);

    private final RedisConnectionFactory factory;

    private final RedisLink link;

    private final KeyLayout layout;

    private final byte[] channel;

    private final GrantListener listener;

    private final RedisLockStoreSettings settings;

    private final LongSupplier nanoClock;

    private final ScriptCall echoCall;

    private final ThreadFactory threads = DaemonThreads.named("redis-subscription");

    private final Thread supervisor = DaemonThreads.named("redis-grants").newThread(this::supervise);

    private final CountDownLatch closed = new CountDownLatch(1);

    private final AtomicLong lastCheck;

    private volatile @Nullable Receiver current;

    // What follows is the supervisor's alone.

    private boolean listening;

    private boolean warned;

    private boolean distrusted;

    private long pause = FIRST_PAUSE_MILLIS;

    GrantSubscription(
            RedisConnectionFactory factory,
            RedisLink link,
            KeyLayout layout,
            String client,
            GrantListener listener,
            RedisLockStoreSettings settings,
            LongSupplier nanoClock) {
        this.factory = factory;
        this.link = link;
        this.layout = layout;
        this.channel = layout.channel(client);
        this.listener = listener;
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.echoCall = new ScriptCall(LockScript.ECHO, new byte[][] {this.channel}, KeyLayout.bytes("echo"));
        this.lastCheck = new AtomicLong(nanoClock.getAsLong());
    }

    void start() {
        this.supervisor.start();
    }

    /**
     * Called when a request may wait for a message: has the subscription checked about once a poll interval.
     *
     * @param suspicious a message should have arrived: has it checked now
     */
    void check(boolean suspicious) {
        Duration interval = suspicious ? SUSPICIONS_EVERY : this.settings.pollInterval();
        Receiver present = this.current;
        long now = this.nanoClock.getAsLong();
        long last = this.lastCheck.get();
        if (present != null && now - last >= interval.toNanos() && this.lastCheck.compareAndSet(last, now)) {
            present.check();
        }
    }

    private void supervise() {
        while (!isClosed()) {
            try {
                follow();
                this.closed.await(this.pause, TimeUnit.MILLISECONDS);
                this.pause =
                        Math.min(2 * this.pause, this.settings.pollInterval().toMillis());
            } catch (InterruptedException ex) {
                this.closed.countDown();
            } catch (RuntimeException | Error ex) {
                log.debug("A subscription could not be ended", ex);
            }
        }
    }

    /** Makes a subscription, and returns when it is over. */
    private void follow() throws InterruptedException {
        Receiver receiver = new Receiver();
        this.current = receiver;
        try {
            receiver.thread.start();
            while (receiver.failure == null && !isClosed()) {
                receiver.events.take().run();
            }
        } catch (RuntimeException | Error ex) {
            receiver.failure = ex;
        } finally {
            receiver.abandon();
            if (this.listening) {
                this.listening = false;
                this.listener.onListening(false);
            }
        }
        if (!this.warned && receiver.failure != null) {
            this.warned = true;
            warn(receiver.failure);
        }
    }

    private void warn(Throwable failure) {
        log.warn(
                "No subscription to channel {} ({}): requests that wait for a lock poll instead, and it is tried again"
                        + " and again{}",
                channelName(),
                CommandFailures.why(failure),
                CommandFailures.says(failure, "NOPERM")
                        ? ". Permit the Redis user to subscribe, or set 'distributed-lock.redis.subscribe' to false"
                        : "");
        log.debug("Why there is no subscription", failure);
    }

    private void works() {
        this.distrusted = false;
        if (this.warned) {
            this.warned = false;
            log.info("Subscribed to channel {}", channelName());
        }
        this.listening = true;
        this.listener.onListening(true);
        this.pause = FIRST_PAUSE_MILLIS;
    }

    private String channelName() {
        return new String(this.channel, StandardCharsets.UTF_8);
    }

    private boolean isClosed() {
        return this.closed.getCount() == 0;
    }

    /** Ends the subscription and waits, within limits, until its connection has been given back. */
    void close() {
        this.closed.countDown();
        Receiver last = this.current;
        if (last == null) {
            return;
        }
        last.events.add(() -> {});
        last.abandon();
        try {
            last.thread.join(this.settings.commandTimeout().toMillis());
            this.supervisor.join(this.settings.commandTimeout().toMillis());
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** One subscription. Where its thread is stuck in a connection that is dead, it is left alone until that ends. */
    private final class Receiver implements Runnable, MessageListener, SubscriptionListener {

        private final Thread thread = GrantSubscription.this.threads.newThread(this);

        /** What the supervisor is to do, as others find out. */
        private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();

        private volatile boolean abandoned;

        /** Completed by a message, while one is expected. */
        private final AtomicReference<@Nullable CompletableFuture<Boolean>> echo = new AtomicReference<>();

        /** A second reply to its end would be taken for that of the next command. */
        private final AtomicBoolean ending = new AtomicBoolean();

        private volatile @Nullable RedisConnection connection;

        /** Set by the supervisor: why this subscription is over. */
        private @Nullable Throwable failure;

        @Override
        public void run() {
            try {
                receive(GrantSubscription.this.factory.getConnection());
            } catch (RuntimeException | Error ex) {
                over(ex);
            }
        }

        private void receive(RedisConnection opened) {
            this.connection = opened;
            try {
                if (!this.abandoned) {
                    opened.subscribe(this, GrantSubscription.this.channel);
                }
            } catch (RuntimeException | Error ex) {
                RedisLink.close(opened);
                throw ex;
            }
            if (!opened.isSubscribed()) {
                RedisLink.close(opened);
                lost();
                return;
            }
            // the driver does not block: the subscription goes on without this thread
            GrantSubscription.this.link.onSubscriptionLost(opened, this::lost);
            if (this.abandoned) {
                abandon();
            }
        }

        private void lost() {
            over(new IllegalStateException("it was lost"));
        }

        private void over(Throwable why) {
            this.events.add(() -> this.failure = why);
        }

        void abandon() {
            this.abandoned = true;
            RedisConnection opened = this.connection;
            if (opened != null && opened.isSubscribed() && this.ending.compareAndSet(false, true)) {
                try {
                    GrantSubscription.this.link.endSubscription(opened);
                } catch (RuntimeException ex) {
                    this.ending.set(false);
                    log.debug("A subscription could not be ended", ex);
                }
            }
        }

        /** Nothing is concluded from a message that could not be sent. */
        void check() {
            CompletableFuture<Boolean> heard = new CompletableFuture<>();
            if (this.connection == null || !this.echo.compareAndSet(null, heard)) {
                return;
            }
            long patience = GrantSubscription.this.settings.commandTimeout().toMillis();
            CompletableFuture<Boolean> unused = CompletableFuture.completedFuture(GrantSubscription.this.echoCall)
                    .thenCompose(call -> GrantSubscription.this.link.run(call, RedisLink.Lane.HAVING))
                    .thenCompose(sent -> heard.orTimeout(patience, TimeUnit.MILLISECONDS))
                    .whenComplete((arrived, failed) -> {
                        this.echo.set(null);
                        this.events.add(() -> checked(failed));
                    });
        }

        private void checked(@Nullable Throwable failed) {
            if (failed != null && StageFailures.unwrap(failed) instanceof TimeoutException) {
                GrantSubscription.this.distrusted = true;
                this.failure = new IllegalStateException("no message arrives through it: is its connection dead?");
            } else if (failed == null && !GrantSubscription.this.listening) {
                works();
            }
        }

        @Override
        public void onMessage(Message message, byte @Nullable [] pattern) {
            heard();
            GrantMessage.read(message.getBody(), GrantSubscription.this.layout)
                    .ifPresent(GrantSubscription.this.listener::onGrant);
        }

        @Override
        public void onChannelSubscribed(byte[] channel, long count) {
            heard();
            if (this.abandoned) {
                abandon();
            }
            GrantSubscription.this.link.reachable();
            this.events.add(() -> {
                if (GrantSubscription.this.distrusted) {
                    check();
                } else if (!GrantSubscription.this.listening) {
                    works();
                }
            });
        }

        /** Whatever is heard proves that the connection lives. */
        private void heard() {
            CompletableFuture<Boolean> expected = this.echo.get();
            if (expected != null) {
                expected.complete(true);
            }
        }
    }
}
