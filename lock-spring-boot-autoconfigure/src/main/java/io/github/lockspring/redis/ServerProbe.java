package io.github.lockspring.redis;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.StageFailures;
import io.github.lockspring.store.StoreReport;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Finds out in the background whether the server is fit for locks, and says so, each thing once until it has changed: what
 * it is in one INFO, what breaks locks at WARN. That Redis cannot be reached is said by {@link OutageLog} alone.
 *
 * <p>It is done when all servers have answered, and nothing is wrong; until there is a new connection, or a lock is
 * refused. As long as it is not done it asks again: less and less often while there is no answer, every 5 s while no lock
 * can be taken, and otherwise every 30 s.
 */
final class ServerProbe {

    private static final Logger log = LoggerFactory.getLogger(ServerProbe.class);

    private static final long FIRST_PAUSE_MILLIS = 1000;

    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    private static final long PAUSE_OF_REFUSALS_MILLIS = 5000;

    /** So many answers are not taken for the last word, if they may be others a moment later. */
    private static final int MOST_PROVISIONAL = 3;

    private final RedisLink link;

    private final RedisConnectionFactory factory;

    private final RedisServerLabel server;

    private final Runnable onFound;

    private final LongSupplier wallClock;

    private final LongFunction<Executor> later;

    private final ThreadPoolExecutor thread;

    private final ServerInquiry inquiry;

    private volatile StoreReport report = StoreReport.EMPTY;

    /** When a refused lock has last been a reason to ask. */
    private final AtomicLong lastDoubt = new AtomicLong(Long.MIN_VALUE / 2);

    // The following fields belong to the thread only.

    private final Set<String> said = new HashSet<>();

    /** What was wrong when servers have last answered. */
    private List<String> problems = List.of();

    private boolean found;

    private boolean asking;

    private boolean done;

    /** Whether the answer that is under way may be that of an earlier connection. */
    private boolean outdated;

    /** Identifies the newest pause: earlier ones have been cut short. */
    private int pauses;

    private long pauseMillis = FIRST_PAUSE_MILLIS;

    private int provisional;

    /**
     * Creates a probe.
     *
     * @param wallClock the time in ms
     * @param onFound called when it is known what the server is
     */
    ServerProbe(
            RedisLink link,
            KeyLayout layout,
            RedisConnectionFactory factory,
            RedisServerLabel server,
            LongSupplier wallClock,
            Runnable onFound) {
        this(
                link,
                layout,
                factory,
                server,
                wallClock,
                onFound,
                millis -> CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Runnable::run),
                DaemonThreads.pool("redis-probe", 1, Integer.MAX_VALUE));
    }

    /**
     * Creates a probe.
     *
     * @param wallClock the time in ms
     * @param onFound called when it is known what the server is
     * @param later executes after so many ms
     * @param thread one at most, which may block
     */
    ServerProbe(
            RedisLink link,
            KeyLayout layout,
            RedisConnectionFactory factory,
            RedisServerLabel server,
            LongSupplier wallClock,
            Runnable onFound,
            LongFunction<Executor> later,
            ThreadPoolExecutor thread) {
        this.link = link;
        this.factory = factory;
        this.server = server;
        this.onFound = onFound;
        this.wallClock = wallClock;
        this.later = later;
        this.thread = thread;
        this.inquiry = new ServerInquiry(link, layout, factory, wallClock, this.thread);
    }

    /**
     * Asks for the first time: now, or after a pause where the question takes a connection, so that it does
     * not add one to a pool if the first callers have returned theirs by then.
     */
    void start() {
        if (this.link.sharesConnections()) {
            tryNow();
        } else {
            perform(this::pause);
        }
    }

    /** Asks now: there is a new connection, and who knows to what. Never blocks, and never fails. */
    void tryNow() {
        perform(() -> {
            this.done = false;
            this.outdated = this.found;
            ask();
        });
    }

    /**
     * A lock was refused: asks why, unless it is known that none can be taken, this was asked a moment ago, or there has been
     * no answer so far.
     */
    void doubt() {
        long now = this.wallClock.getAsLong();
        long last = this.lastDoubt.get();
        StoreReport present = this.report;
        if (!present.equals(StoreReport.EMPTY)
                && present.available()
                && Math.abs(now - last) >= PAUSE_OF_REFUSALS_MILLIS
                && this.lastDoubt.compareAndSet(last, now)) {
            tryNow();
        }
    }

    StoreReport report() {
        return this.report;
    }

    /** Ends it. Interrupts a driver that blocks, and waits for nothing. */
    void close() {
        this.thread.shutdownNow();
    }

    /** Tries again as long as no thread can be created: all that follows depends on each step. */
    private void perform(Runnable step) {
        try {
            this.thread.execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException | Error ex) {
                    this.done = true;
                    this.asking = false;
                    log.debug("The probe of Redis failed, and is given up until there is a new connection", ex);
                }
            });
        } catch (RuntimeException | Error ex) {
            log.debug("No thread to probe Redis, or the store is closed", ex);
            if (!this.thread.isShutdown()) {
                performLater(step);
            }
        }
    }

    private void performLater(Runnable step) {
        try {
            this.later.apply(FIRST_PAUSE_MILLIS).execute(() -> perform(step));
        } catch (RuntimeException | Error ex) {
            log.debug("No thread to probe Redis later, either: a new connection does", ex);
        }
    }

    private void ask() {
        if (this.asking || this.done) {
            return;
        }
        this.asking = true;
        this.outdated = false;
        CompletableFuture<ServerInquiry.Answer> unused = this.inquiry
                .ask()
                .whenComplete((answer, failure) -> perform(() -> {
                    this.asking = false;
                    if (failure == null) {
                        answered(answer);
                    } else {
                        failed(StageFailures.unwrap(failure));
                    }
                }));
    }

    /** What is refused breaks locks as well in most cases, until it is corrected. All else may work a moment later. */
    private void failed(Throwable failure) {
        ServerRefusal refusal = ServerRefusal.of(failure);
        boolean refused =
                failure instanceof LockStoreException known && known.getOutcome() == LockStoreException.Outcome.REFUSED;
        if (!refused || refusal == null || refusal.isOfConnecting()) {
            pause();
            return;
        }
        log.debug("Redis has refused to be probed", failure);
        if (refusal == ServerRefusal.PERMISSION || refusal == ServerRefusal.CLUSTER) {
            String why = String.valueOf(failure.getMessage());
            this.report = new StoreReport(Map.of(), List.of(why), false);
            say(new HashSet<>(), why, () -> log.warn("{} cannot be taken: {}", this.server.locks(), why));
        }
        lookAgain();
    }

    private void answered(ServerInquiry.Answer answer) {
        if (answer.isProvisional() && this.provisional++ < MOST_PROVISIONAL) {
            this.pauseMillis = FIRST_PAUSE_MILLIS;
            pause();
        } else {
            this.provisional = answer.isProvisional() ? this.provisional : 0;
            finish(answer);
        }
    }

    private void pause() {
        int pause = ++this.pauses;
        long millis = this.pauseMillis;
        this.pauseMillis = Math.min(2 * millis, LONGEST_PAUSE_MILLIS);
        this.later
                .apply(millis)
                .execute(() -> perform(() -> {
                    if (pause == this.pauses) {
                        ask();
                    }
                }));
    }

    private void finish(ServerInquiry.Answer answer) {
        boolean first = !this.found;
        this.found = true;
        ServerAddress address = ServerAddress.of(this.factory);
        String chosen = this.server.connectionFactory();
        ServerFindings findings =
                ServerFindings.of(answer.servers(), answer.known(), chosen == null ? address.properties() : chosen);
        this.report = findings.reportWith(answer.isComplete() ? List.of() : this.problems);
        this.problems = this.report.problems();
        this.done = answer.isComplete() && this.problems.isEmpty() && !this.outdated;
        Set<String> now = new HashSet<>();
        String locks = this.server.locks();
        String at = address.text();
        if (first || this.done) {
            String product = findings.product();
            String setup = findings.setup();
            say(
                    this.done ? now : new HashSet<>(),
                    product + setup,
                    () -> log.info("{} are kept by {} at {}: {}", locks, product, at, setup));
        }
        for (String problem : findings.refusals()) {
            say(now, problem, () -> log.warn("{} cannot be taken from Redis at {}: {}", locks, at, problem));
        }
        for (String problem : findings.unsafe()) {
            say(now, problem, () -> log.warn("{} are not safe with Redis at {} as it is: {}", locks, at, problem));
        }
        for (String problem : findings.minor()) {
            say(now, problem, () -> log.info("{} work with Redis at {}, but {}", locks, at, problem));
        }
        if (answer.isComplete()) {
            this.said.retainAll(now);
        }
        if (first) {
            this.onFound.run();
        }
        if (!this.done) {
            lookAgain();
        }
    }

    private void lookAgain() {
        this.pauseMillis = this.report.available() ? LONGEST_PAUSE_MILLIS : PAUSE_OF_REFUSALS_MILLIS;
        pause();
    }

    /**
     * Says it once, however often it is found in a row.
     *
     * @param now what was found, to which this is added
     */
    private void say(Set<String> now, String what, Runnable message) {
        String kind = ServerFindings.kind(what);
        now.add(kind);
        if (this.said.add(kind)) {
            OutageLog.writeLater(message);
        }
    }
}
