package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.GrantListener;
import io.github.lockspring.store.StageFailures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscription to this process's channel, which is renewed whenever it ends. One thread supervises: it starts a
 * {@link GrantReceiver} for each subscription, and is the only one that notifies the listener whether grants can
 * arrive.
 *
 * <p>A connection may die unnoticed. Then no messages arrive, and Redis may still count a subscriber. Therefore the
 * process sends itself a message now and then while it waits for grants ({@link #check}); if that does not arrive
 * within a command time-out, the subscription is given up, and the next one counts only once a message has arrived
 * through it.
 */
final class GrantSubscription {

    private static final Logger log = LoggerFactory.getLogger(GrantSubscription.class);

    private static final long FIRST_PAUSE_MILLIS = 50;

    private static final long REFUSED_PAUSE_MILLIS = 60_000;

    /** For so long not even callers that wait for a message end the pause after a refusal. */
    private static final long REFUSED_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long WARN_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** After a subscription that lasts for this many poll intervals, the next one is made without delay. */
    private static final int LASTING = 10;

    /** So many dead subscriptions at most may keep a thread and a connection of a driver that cannot end them. */
    private static final int MOST_STUCK = 2;

    private static final Duration SUSPICIONS_EVERY = Duration.ofMillis(100);

    private final RedisLink link;

    private final KeyLayout layout;

    private final byte[] channel;

    private final GrantListener listener;

    private final RedisLockStoreSettings settings;

    private final LongSupplier nanoClock;

    private final Thread supervisor = DaemonThreads.named("redis-grants").newThread(this::supervise);

    /** Ends the pause before the next subscription. */
    private final Semaphore goOn = new Semaphore(0);

    private volatile boolean closed;

    /** From when on callers that wait for a message may end the pause after a refusal. */
    private volatile long refusedUntil;

    private volatile boolean unchecked;

    private final AtomicLong lastCheck;

    private volatile @Nullable GrantReceiver current;

    // The following fields belong to the supervisor only.

    /** Those that have been given up, and have not ended. */
    private final List<GrantReceiver> ending = new ArrayList<>(1);

    private boolean listening;

    private long listeningSince;

    private boolean warned;

    private long lastWarning;

    private boolean saidStuck;

    private boolean distrusted;

    private long pause = FIRST_PAUSE_MILLIS;

    GrantSubscription(
            RedisLink link,
            KeyLayout layout,
            String client,
            GrantListener listener,
            RedisLockStoreSettings settings,
            LongSupplier nanoClock) {
        this.link = link;
        this.layout = layout;
        this.channel = layout.channel(client);
        this.listener = listener;
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.lastCheck = new AtomicLong(nanoClock.getAsLong());
        this.lastWarning = nanoClock.getAsLong() - WARN_EVERY_NANOS;
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
        GrantReceiver present = this.current;
        long now = this.nanoClock.getAsLong();
        long last = this.lastCheck.get();
        if (present != null && now - last >= interval.toNanos() && this.lastCheck.compareAndSet(last, now)) {
            present.check();
            if (now - this.refusedUntil >= 0) {
                this.refusedUntil = now + REFUSED_SILENCE_NANOS;
                tryAgain();
            }
        }
    }

    /** Has the subscription checked once, as soon as there is one. */
    void checkOnce() {
        this.unchecked = true;
        GrantReceiver present = this.current;
        if (present != null) {
            present.wakeSupervisor();
        }
    }

    private void supervise() {
        while (!isClosed()) {
            try {
                pauseAfter(isStuck() ? stuck() : follow());
            } catch (InterruptedException ex) {
                this.closed = true;
            } catch (RuntimeException | Error ex) {
                log.debug("A subscription could not be closed", ex);
            }
        }
    }

    /**
     * A server that refuses is left alone until it accepts something else, or a caller waits for a message. So is a
     * driver that is unable to subscribe, whether or not a caller waits.
     */
    private void pauseAfter(@Nullable Throwable failure) throws InterruptedException {
        boolean unable = failure instanceof UnsupportedOperationException;
        long silence = unable ? TimeUnit.MILLISECONDS.toNanos(REFUSED_PAUSE_MILLIS) : REFUSED_SILENCE_NANOS;
        this.refusedUntil = this.nanoClock.getAsLong() + silence;
        boolean refused = unable || ServerRefusal.of(failure) != null;
        long millis = refused ? REFUSED_PAUSE_MILLIS : this.pause;
        boolean unused = this.goOn.tryAcquire(millis, TimeUnit.MILLISECONDS);
        this.goOn.drainPermits();
        this.pause = Math.min(2 * this.pause, this.settings.pollInterval().toMillis());
    }

    /** The server has accepted a connection. */
    void tryAgain() {
        this.goOn.release();
    }

    private boolean isStuck() {
        this.ending.removeIf(GrantReceiver::isOver);
        return this.ending.size() >= MOST_STUCK;
    }

    private Throwable stuck() {
        IllegalStateException failure = new IllegalStateException("the connections of " + MOST_STUCK
                + " earlier subscriptions are dead, and the driver keeps them until TCP gives up");
        if (!this.saidStuck) {
            this.saidStuck = true;
            this.warned = true;
            warn(failure, "no other subscription is tried before that");
        }
        return failure;
    }

    /** Makes a subscription, and returns when it is over, and why. */
    private @Nullable Throwable follow() throws InterruptedException {
        GrantReceiver receiver =
                new GrantReceiver(this.link, this.layout, this.channel, this.listener, this.settings.commandTimeout());
        this.current = receiver;
        this.saidStuck = false;
        Throwable failure = null;
        boolean lasting = false;
        try {
            receiver.start();
            while (failure == null && !isClosed()) {
                failure = handle(receiver, receiver.nextEvent());
            }
        } catch (RuntimeException | Error ex) {
            failure = ex;
        } finally {
            receiver.abandon();
            this.ending.add(receiver);
            if (this.listening) {
                lasting = hasLasted();
                this.listening = false;
                this.listener.onListening(false);
            }
        }
        if (lasting) {
            this.pause = FIRST_PAUSE_MILLIS;
        }
        if (failure != null) {
            tell(failure, lasting && !this.distrusted);
        }
        return failure;
    }

    private boolean hasLasted() {
        long lasted = this.nanoClock.getAsLong() - this.listeningSince;
        return lasted / LASTING >= this.settings.pollInterval().toNanos();
    }

    /** Returns why the subscription is over, or null. */
    private @Nullable Throwable handle(GrantReceiver receiver, GrantReceiver.Event event) {
        Throwable failure = event.failure();
        switch (event.what()) {
            case SUBSCRIBED -> {
                if (this.distrusted) {
                    receiver.check();
                } else if (!this.listening) {
                    works();
                    checkIfAsked(receiver);
                }
            }
            case CHECKED -> {
                if (failure == null && !this.listening) {
                    works();
                } else if (failure != null && StageFailures.unwrap(failure) instanceof TimeoutException) {
                    this.distrusted = true;
                    return new IllegalStateException("no messages arrive through it; its connection may be dead");
                }
            }
            case OVER -> {
                return failure;
            }
            case NOTHING -> {
                // it may be closed
                checkIfAsked(receiver);
            }
        }
        return null;
    }

    private void checkIfAsked(GrantReceiver receiver) {
        if (this.listening && this.unchecked) {
            this.unchecked = false;
            receiver.check();
        }
    }

    /** Warns once for all failures up to the next subscription, and now and then at most if those are many. */
    private void tell(Throwable failure, boolean usual) {
        long now = this.nanoClock.getAsLong();
        if (CommandFailures.isUnreachable(failure)) {
            // then locks cannot be taken either, which is the more important message
            this.link.unreachable(failure);
        } else if (!usual && !this.warned && now - this.lastWarning >= WARN_EVERY_NANOS) {
            this.warned = true;
            this.lastWarning = now;
            warn(failure, "the subscription is tried again regularly");
        }
        log.debug("Cause of the missing subscription", failure);
    }

    private void warn(Throwable failure, String next) {
        log.warn(
                "No subscription to channel {} ({}): requests that wait for a lock poll instead, and {}{}",
                channelName(),
                CommandFailures.why(failure),
                next,
                CommandFailures.says(failure, "NOPERM")
                        ? ". Permit the Redis user to subscribe, or set 'distributed-lock.redis.subscribe' to false"
                        : "");
    }

    private void works() {
        this.distrusted = false;
        if (this.warned) {
            this.warned = false;
            log.info("Subscribed to channel {}", channelName());
        }
        this.listening = true;
        this.listeningSince = this.nanoClock.getAsLong();
        this.listener.onListening(true);
    }

    private String channelName() {
        return new String(this.channel, StandardCharsets.UTF_8);
    }

    private boolean isClosed() {
        return this.closed;
    }

    /** Ends the subscription and waits, within limits, until its connection has been given back. */
    void close() {
        this.closed = true;
        this.goOn.release();
        GrantReceiver present = this.current;
        if (present == null) {
            return;
        }
        present.wakeSupervisor();
        present.abandon();
        try {
            // it may have begun to end the subscription, or have made another one; afterwards it does neither
            this.supervisor.join(this.settings.commandTimeout().toMillis());
            GrantReceiver last = this.current;
            if (last != null) {
                last.join(this.settings.commandTimeout());
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
