package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads for one server, which the driver blocks: a few for commands that request a lock, and others for commands
 * of owners that have one. Reports what they wait for, if that takes long.
 */
final class BlockingThreads {

    private static final Logger log = LoggerFactory.getLogger(BlockingThreads.class);

    private static final long WARN_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Looking is not cheap. */
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int WANTING = 4;

    private static final int HAVING = 2;

    /** With the subscription one less than a pool of Jedis has connections by default. */
    static final int ALL = WANTING + HAVING;

    private final ThreadPoolExecutor wanting = DaemonThreads.pool("redis-wanting", WANTING, ServerWatch.MOST_UNDER_WAY);

    private final ThreadPoolExecutor having = DaemonThreads.pool("redis-having", HAVING, ServerWatch.MOST_UNDER_WAY);

    private final @Nullable ConnectionPool pool;

    private final LongSupplier nanoClock;

    /** Those that run a command, and since when. */
    private final Map<Thread, Long> busy = new ConcurrentHashMap<>();

    /**
     * Whether one of them, or all that wait, were last found to wait for the server, or for the pool; and when that
     * was.
     */
    private volatile boolean atServer;

    private volatile boolean inPool;

    private volatile long lookedAt;

    private final AtomicLong lastWarning;

    BlockingThreads(@Nullable ConnectionPool pool, LongSupplier nanoClock) {
        this.pool = pool;
        this.nanoClock = nanoClock;
        this.lookedAt = nanoClock.getAsLong() - LOOK_EVERY_NANOS;
        this.lastWarning = new AtomicLong(nanoClock.getAsLong() - WARN_EVERY_NANOS);
    }

    void execute(RedisLink.Lane lane, Runnable command) {
        (lane == RedisLink.Lane.HAVING ? this.having : this.wanting).execute(() -> run(command));
    }

    private void run(Runnable command) {
        Thread thread = Thread.currentThread();
        this.busy.put(thread, this.nanoClock.getAsLong());
        try {
            command.run();
        } finally {
            this.busy.remove(thread);
        }
    }

    /** Why a command was not executed: the failure itself, unless it was a lack of time or capacity. */
    String why(Throwable failure) {
        if (!(failure instanceof TimeoutException || failure instanceof RejectedExecutionException)) {
            return "no thread for it (" + CommandFailures.why(failure) + ")";
        }
        return waitForPool()
                ? ConnectionPool.advice(this.pool)
                : "all threads for it are waiting for a response of Redis, or for a connection";
    }

    /** Whether they wait for a connection of the exhausted pool, and not for the server. */
    boolean waitForPool() {
        look();
        return this.inPool;
    }

    /** Whether one of them waits for the server. */
    boolean waitForServer() {
        look();
        return this.atServer;
    }

    /** One that has just begun may be on its way to either. */
    private void look() {
        long now = this.nanoClock.getAsLong();
        if (now - this.lookedAt < LOOK_EVERY_NANOS) {
            return;
        }
        this.lookedAt = now;
        boolean pool = false;
        boolean server = false;
        for (Map.Entry<Thread, Long> each : this.busy.entrySet()) {
            if (ConnectionPool.isAwaitedBy(each.getKey())) {
                pool = true;
            } else {
                server |= now - each.getValue() >= LOOK_EVERY_NANOS;
            }
        }
        this.atServer = server;
        this.inPool = pool && !server;
        if (this.inPool) {
            warn(now);
        }
    }

    private void warn(long now) {
        long last = this.lastWarning.get();
        if (now - last >= WARN_EVERY_NANOS && this.lastWarning.compareAndSet(last, now)) {
            log.warn("Locks have to wait for a connection of the pool: {}", ConnectionPool.advice(this.pool));
        }
    }

    List<ThreadPoolExecutor> executors() {
        return List.of(this.wanting, this.having);
    }
}
