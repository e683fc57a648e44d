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
 * The threads for one server, which the driver blocks: a few for those who want a lock, and others for those who have one.
 * Says what they wait for, if that takes long.
 */
final class BlockingThreads {

    private static final Logger log = LoggerFactory.getLogger(BlockingThreads.class);

    private static final long WARN_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

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

    /** Whether they were found to wait for the pool; until one of them has finished. */
    private volatile boolean pooled;

    private final AtomicLong lastWarning;

    BlockingThreads(@Nullable ConnectionPool pool, LongSupplier nanoClock) {
        this.pool = pool;
        this.nanoClock = nanoClock;
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
            this.pooled = false;
        }
    }

    /** Why a command did not get its turn, which is known if it was not for want of time or room. */
    String why(Throwable failure) {
        if (!(failure instanceof TimeoutException || failure instanceof RejectedExecutionException)) {
            return "no thread for it (" + CommandFailures.why(failure) + ")";
        }
        return this.pooled || waitForPool()
                ? ConnectionPool.advice(this.pool)
                : "all threads for it wait for an answer of Redis, or to connect";
    }

    /** Whether none of them waits for the server: others have all connections of the pool. */
    boolean waitForPool() {
        if (this.busy.isEmpty() || !this.busy.keySet().stream().allMatch(ConnectionPool::isAwaitedBy)) {
            return false;
        }
        this.pooled = true;
        long now = this.nanoClock.getAsLong();
        long last = this.lastWarning.get();
        if (now - last >= WARN_EVERY_NANOS && this.lastWarning.compareAndSet(last, now)) {
            long since = this.busy.values().stream()
                    .mapToLong(start -> now - start)
                    .max()
                    .orElse(0);
            log.warn(
                    "A lock waits for a connection of the pool for {} s now: {}",
                    TimeUnit.NANOSECONDS.toSeconds(since),
                    ConnectionPool.advice(this.pool));
        }
        return true;
    }

    List<ThreadPoolExecutor> executors() {
        return List.of(this.wanting, this.having);
    }
}
