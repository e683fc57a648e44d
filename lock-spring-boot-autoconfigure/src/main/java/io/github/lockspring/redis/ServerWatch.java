package io.github.lockspring.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one server from how it answers, so that a server that is down costs no commands. It is down from the
 * moment when it cannot be reached, or has answered nothing for a command time-out although something was asked. Then it
 * is tried at once, and again once a second; the first answer ends the outage. Bounds the commands under way.
 *
 * <p>Thread-safe.
 */
final class ServerWatch {

    private static final Logger log = LoggerFactory.getLogger(ServerWatch.class);

    static final int MOST_UNDER_WAY = 10_000;

    private static final long TRY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A pool may keep that many connections, all of which broke when the server was restarted. */
    private static final int MOST_BROKEN = 10;

    private final Duration patience;

    private final LongSupplier nanoClock;

    private final Runnable onReturn;

    private final AtomicReference<@Nullable Outage> outage = new AtomicReference<>();

    private final AtomicInteger underWay = new AtomicInteger();

    private final AtomicInteger broken = new AtomicInteger();

    private final AtomicLong lastTry;

    /** When the oldest command under way was sent, or the last answer came if that was later. */
    private volatile long waitingSince;

    private volatile long suspectedAt;

    /**
     * Creates a watch for a server that is thought to be up.
     *
     * @param patience for how long a server may be silent
     * @param onReturn called when an outage is over
     */
    ServerWatch(Duration patience, LongSupplier nanoClock, Runnable onReturn) {
        this.patience = patience;
        this.nanoClock = nanoClock;
        this.onReturn = onReturn;
        this.lastTry = new AtomicLong(nanoClock.getAsLong() - TRY_EVERY_NANOS);
    }

    /**
     * Counts a command that is about to be sent.
     *
     * @return why it is not to be sent, and was not counted; null if it may be sent: then {@link #answered} or
     *     {@link #unanswered} follows
     */
    @Nullable String enter() {
        long now = this.nanoClock.getAsLong();
        if (isSilent(now) && isSilentStill(now)) {
            silent();
        }
        if (!mayTry()) {
            return why();
        }
        if (this.underWay.get() == 0) {
            this.waitingSince = now;
        }
        if (this.underWay.incrementAndGet() > MOST_UNDER_WAY) {
            this.underWay.decrementAndGet();
            return "too many commands are under way";
        }
        return null;
    }

    private boolean isSilent(long now) {
        return this.underWay.get() > 0 && now - this.waitingSince >= this.patience.toNanos();
    }

    /** After a pause of this process the answers may be here, and only need a moment to be read. */
    private boolean isSilentStill(long now) {
        long nanos = this.patience.toNanos();
        if (this.suspectedAt - this.waitingSince < nanos) {
            this.suspectedAt = now;
        }
        return now - this.suspectedAt >= nanos / 10;
    }

    private void silent() {
        lost("no answer for " + this.patience.toMillis() + " ms");
    }

    /** Whether it makes sense to try, which counts as a try if the server is down. */
    boolean mayTry() {
        if (!isDown()) {
            return true;
        }
        long now = this.nanoClock.getAsLong();
        long last = this.lastTry.get();
        return now - last >= TRY_EVERY_NANOS && this.lastTry.compareAndSet(last, now);
    }

    boolean isDown() {
        return this.outage.get() != null;
    }

    /** Why nothing is to be sent, and for how long that has been so. */
    String why() {
        Outage present = this.outage.get();
        return present == null
                ? "the server is just back"
                : present.why() + ", for "
                        + TimeUnit.NANOSECONDS.toSeconds(this.nanoClock.getAsLong() - present.since()) + " s now";
    }

    /** A command was answered, be it by an error. */
    void answered() {
        this.waitingSince = this.nanoClock.getAsLong();
        this.underWay.decrementAndGet();
        returned();
    }

    /** A command will not be answered any more, or was not sent. */
    void unanswered() {
        if (isSilent(this.nanoClock.getAsLong())) {
            silent();
        }
        this.underWay.decrementAndGet();
    }

    void returned() {
        this.broken.set(0);
        if (isDown() && this.outage.getAndSet(null) != null) {
            try {
                this.onReturn.run();
            } catch (RuntimeException | Error ex) {
                log.warn("A listener failed when the connection to Redis was back", ex);
            }
        }
    }

    /** One of several connections broke: others may be better. */
    void broken(String why) {
        if (this.broken.incrementAndGet() >= MOST_BROKEN) {
            lost(why);
        } else {
            tryAtOnce();
        }
    }

    /** There is reason to hope. */
    void tryAtOnce() {
        this.lastTry.set(this.nanoClock.getAsLong() - TRY_EVERY_NANOS);
    }

    /** The server cannot be reached. */
    void lost(String why) {
        this.outage.compareAndSet(null, new Outage(this.nanoClock.getAsLong(), why));
    }

    private record Outage(long since, String why) {}
}
