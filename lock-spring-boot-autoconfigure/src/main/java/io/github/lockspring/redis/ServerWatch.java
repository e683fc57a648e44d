package io.github.lockspring.redis;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.Logged;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of one server, known from its answers, so that no commands are spent on a server that is down. It is down
 * from the moment when it cannot be reached, or has not answered for a command time-out although there were commands,
 * which is detected by time, whether or not there are more commands. Then it is tried immediately, and again once a
 * second, or once per command time-out as long as a command is not answered; the first answer ends the outage. Bounds
 * the commands under way.
 *
 * <p>Thread-safe.
 */
class ServerWatch {

    static final int MOST_UNDER_WAY = 10_000;

    private static final long TRY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A pool may keep that many connections, all of which broke when the server was restarted. */
    private static final int MOST_BROKEN = 10;

    private final Duration patience;

    private final LongSupplier nanoClock;

    private final OutageLog outages;

    private final Runnable onReturn;

    private final Runnable onSilence;

    private final AtomicReference<@Nullable Outage> outage = new AtomicReference<>();

    private final AtomicInteger underWay = new AtomicInteger();

    private final AtomicInteger broken = new AtomicInteger();

    private final AtomicLong lastTry = new AtomicLong();

    /** When the oldest command under way was sent, or the last answer came if that was later. */
    private volatile long waitingSince;

    /** Whether a check of the commands in flight is scheduled. */
    private final AtomicBoolean looking = new AtomicBoolean();

    /**
     * Creates a watch for a server that is thought to be up.
     *
     * @param patience for how long a server may be silent
     * @param outages notified when the server cannot be reached or does not answer, and of every answer
     * @param onReturn called when an outage is over, or another connection than one that broke works
     * @param onSilence called when the server is down because it does not answer
     */
    ServerWatch(Duration patience, LongSupplier nanoClock, OutageLog outages, Runnable onReturn, Runnable onSilence) {
        this.patience = patience;
        this.nanoClock = nanoClock;
        this.outages = outages;
        this.onReturn = onReturn;
        this.onSilence = onSilence;
        tryAtOnce();
    }

    /**
     * Counts a command that is about to be sent.
     *
     * @return why it must not be sent, and was not counted; null if it may be sent: then {@link #answered} or {@link
     *     #unanswered} follows
     */
    @Nullable LockStoreException enter(Object command) {
        if (!mayTry()) {
            return notSent(command);
        }
        if (this.underWay.get() == 0) {
            this.waitingSince = this.nanoClock.getAsLong();
        }
        if (this.underWay.incrementAndGet() > MOST_UNDER_WAY) {
            this.underWay.decrementAndGet();
            return CommandFailures.notSent(command, "too many commands are under way", null);
        }
        lookAgain(false);
        return null;
    }

    /** Checks, as long as commands are in flight, whether they are answered. */
    private void lookAgain(boolean doubt) {
        if (this.underWay.get() == 0 || this.looking.get() || this.looking.getAndSet(true)) {
            return;
        }
        long left = leftToAnswer();
        try {
            later(left > 0 ? left : this.patience.toNanos() / (doubt ? 10 : 1), () -> look(doubt && left <= 0));
        } catch (RuntimeException | Error ex) {
            // the next command tries again
            this.looking.set(false);
        }
    }

    /** After a pause of this process the answers may be here, and only need a moment to be read. */
    private void look(boolean doubt) {
        this.looking.set(false);
        boolean silent = this.underWay.get() > 0 && leftToAnswer() <= 0;
        if (silent && doubt && isAwaited()) {
            silent();
        } else if (silent && doubt) {
            this.waitingSince = this.nanoClock.getAsLong();
        }
        lookAgain(silent && !doubt);
    }

    void later(long nanos, Runnable task) {
        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run)
                .execute(task);
    }

    private long leftToAnswer() {
        return this.waitingSince + this.patience.toNanos() - this.nanoClock.getAsLong();
    }

    /** Whether it is this server that commands under way wait for. */
    boolean isAwaited() {
        return true;
    }

    private void silent() {
        String why = "no answer for " + this.patience.toMillis() + " ms";
        lost(why, null);
        this.outages.down(why, null);
        Logged.run("A connection to a silent Redis could not be given up", this.onSilence);
    }

    /** Whether it makes sense to try, which counts as a try if the server is down. */
    boolean mayTry() {
        if (!isDown()) {
            return true;
        }
        long pause = this.underWay.get() == 0 ? TRY_EVERY_NANOS : Math.max(TRY_EVERY_NANOS, this.patience.toNanos());
        long now = this.nanoClock.getAsLong();
        long last = this.lastTry.get();
        return now - last >= pause && this.lastTry.compareAndSet(last, now);
    }

    boolean isDown() {
        return this.outage.get() != null;
    }

    /** When the present outage began, which identifies it; null if the server is up. */
    @Nullable Long downSince() {
        Outage present = this.outage.get();
        return present == null ? null : present.since();
    }

    /** Whether it is up, and something is asked, or was answered, that long ago at most. */
    boolean isInUse(long nanos) {
        return !isDown() && (this.underWay.get() > 0 || this.nanoClock.getAsLong() - this.waitingSince < nanos);
    }

    /** Why no commands must be sent. */
    String why() {
        Outage present = this.outage.get();
        return present == null ? "the server has just come back" : present.why();
    }

    /** Reports why a command must not be sent, and since when. */
    LockStoreException notSent(Object command) {
        Outage present = this.outage.get();
        if (present == null) {
            return CommandFailures.notSent(command, why(), null);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(this.nanoClock.getAsLong() - present.since());
        String why = present.why() + ", for " + seconds + " s now";
        ServerRefusal refusal = present.refusal();
        return refusal == null
                ? CommandFailures.notSent(command, why, null)
                : CommandFailures.refused(command, why, refusal, null);
    }

    /** A command was answered, possibly with an error. */
    void answered() {
        this.underWay.decrementAndGet();
        returned();
    }

    /** A command will no longer be answered, or the server could not be reached for it. */
    void unanswered() {
        if (leftToAnswer() <= 0) {
            silent();
        }
        this.underWay.decrementAndGet();
    }

    /** A command was not sent, for reasons of its own. */
    void withdrawn() {
        this.underWay.decrementAndGet();
    }

    /** The server is up, as shown by an answer or by a new connection without commands so far. */
    void returned() {
        this.waitingSince = this.nanoClock.getAsLong();
        this.outages.up();
        boolean another = this.broken.get() > 0 && this.broken.getAndSet(0) > 0;
        if (isDown() && this.outage.getAndSet(null) != null || another) {
            Logged.run("A listener failed when Redis came back", this.onReturn);
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
        this.lastTry.set(this.nanoClock.getAsLong() - TRY_EVERY_NANOS - this.patience.toNanos());
    }

    /** Calls fail, although the driver may still reach the server: its own limit of time may be much longer. */
    void slow(String why) {
        this.outages.down(why, null);
    }

    /** The server cannot be reached, or refuses connections. */
    void lost(Throwable failure) {
        lost(CommandFailures.noConnection(failure), ServerRefusal.of(failure));
        this.outages.down(failure);
    }

    void lost(String why) {
        lost(why, null);
    }

    /** The newest reason is the one that must be fixed. */
    private void lost(String why, @Nullable ServerRefusal refusal) {
        long now = this.nanoClock.getAsLong();
        this.outage.updateAndGet(known -> new Outage(known == null ? now : known.since(), why, refusal));
    }

    private record Outage(long since, String why, @Nullable ServerRefusal refusal) {}
}
