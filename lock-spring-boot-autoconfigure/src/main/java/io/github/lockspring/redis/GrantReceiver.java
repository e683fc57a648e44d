package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.GrantListener;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription, made by its own thread, which also receives if the driver blocks. Messages go to the listener;
 * everything else becomes an {@link Event} for the supervisor, in order. If the thread is stuck in a dead connection,
 * it is left alone until that ends.
 */
final class GrantReceiver {

    private static final Logger log = LoggerFactory.getLogger(GrantReceiver.class);

    private static final ThreadFactory THREADS = DaemonThreads.named("redis-subscription");

    /** The events for the supervisor. */
    enum What {
        SUBSCRIBED,
        CHECKED,
        OVER,
        NOTHING
    }

    /**
     * Something that became known.
     *
     * @param failure of a check: why no message came, null if one did; otherwise why the subscription is over
     */
    record Event(What what, @Nullable Throwable failure) {}

    private final RedisLink link;

    private final KeyLayout layout;

    private final byte[] channel;

    private final GrantListener listener;

    private final Duration patience;

    private final Thread thread = THREADS.newThread(this::receive);

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** Completed by a message, while one is expected. */
    private final AtomicReference<@Nullable CompletableFuture<Boolean>> echo = new AtomicReference<>();

    /** A second reply to the unsubscription would be taken for the reply to the next command. */
    private final AtomicBoolean ending = new AtomicBoolean();

    private volatile CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

    private volatile boolean abandoned;

    private volatile @Nullable GrantConnection connection;

    GrantReceiver(RedisLink link, KeyLayout layout, byte[] channel, GrantListener listener, Duration patience) {
        this.link = link;
        this.layout = layout;
        this.channel = channel;
        this.listener = listener;
        this.patience = patience;
    }

    void start() {
        this.thread.start();
    }

    Event nextEvent() throws InterruptedException {
        return this.events.take();
    }

    /** Whether its thread has ended, together with the resources of a driver that blocks. */
    boolean isOver() {
        return !this.thread.isAlive();
    }

    /** Wakes the supervisor. */
    void wakeSupervisor() {
        tell(What.NOTHING, null);
    }

    /** Waits until its connection has been given back: the driver, closed now, would warn. */
    void join(Duration atMost) throws InterruptedException {
        this.thread.join(atMost.toMillis());
        this.ended
                .exceptionally(ex -> null)
                .completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private void receive() {
        try {
            receive(this.link.connectReceiver());
        } catch (RuntimeException | Error ex) {
            tell(What.OVER, ex);
        }
    }

    private void receive(GrantConnection opened) {
        this.connection = opened;
        try {
            if (!this.abandoned) {
                opened.subscribe(this.channel, this);
            }
        } catch (RuntimeException | Error ex) {
            opened.close();
            throw ex;
        }
        if (!opened.isSubscribed()) {
            opened.close();
            onLost();
        } else if (this.abandoned) {
            // the driver does not block: the subscription continues without this thread
            abandon();
        }
    }

    void abandon() {
        this.abandoned = true;
        GrantConnection opened = this.connection;
        if (opened != null && opened.isSubscribed() && this.ending.compareAndSet(false, true)) {
            try {
                this.ended = opened.end();
            } catch (RuntimeException ex) {
                this.ending.set(false);
                log.debug("A subscription could not be closed", ex);
            }
        }
    }

    /** Sends a message to this process. A message that could not be sent does not prove anything. */
    void check() {
        CompletableFuture<Boolean> heard = new CompletableFuture<>();
        if (this.abandoned || this.connection == null || !this.echo.compareAndSet(null, heard)) {
            return;
        }
        ScriptCall call = new ScriptCall(LockScript.ECHO, new byte[][] {this.channel}, KeyLayout.bytes("echo"));
        CompletableFuture<Boolean> unused = CompletableFuture.completedFuture(call)
                .thenCompose(echoed -> this.link.run(echoed, RedisLink.Lane.HAVING))
                .thenCompose(sent -> heard.orTimeout(this.patience.toMillis(), TimeUnit.MILLISECONDS))
                .whenComplete((arrived, failed) -> {
                    this.echo.set(null);
                    tell(What.CHECKED, failed);
                });
    }

    void onMessage(byte[] message) {
        heard();
        GrantMessage.read(message, this.layout).ifPresent(this.listener::onGrant);
    }

    void onSubscribed() {
        heard();
        if (this.abandoned) {
            abandon();
        }
        this.link.reachable();
        tell(What.SUBSCRIBED, null);
    }

    void onLost() {
        tell(What.OVER, new IllegalStateException("it was lost"));
    }

    /** Every message proves that the connection is alive. */
    private void heard() {
        CompletableFuture<Boolean> expected = this.echo.get();
        if (expected != null) {
            expected.complete(true);
        }
    }

    private void tell(What what, @Nullable Throwable failure) {
        this.events.add(new Event(what, failure));
    }
}
