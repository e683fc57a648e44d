package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.worker.LoadType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A Redis of its own that goes away and comes back. Who is down comes back with nothing, on the same port. */
final class Outage implements AutoCloseable {

    /** Longer than the pauses of clients that try again. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(150);

    private static final int POLL_MILLIS = 100;

    /** Commands between two polls that do not count: clients see whether their connections are alive. */
    private static final int NOISE = 2;

    private final boolean hangs;

    private RedisServer redis = RedisServer.start();

    private RedisUsage before = RedisUsage.NONE;

    private long endedAt;

    private long busyAt;

    Outage(LoadType load) {
        this.hangs = load == LoadType.HANG;
    }

    String host() {
        return this.redis.host();
    }

    int port() {
        return this.redis.port();
    }

    void begin() throws InterruptedException {
        if (this.hangs) {
            this.before = this.redis.usage();
            this.redis.signal("STOP");
        } else {
            this.redis.close();
        }
    }

    /** Returns when it ended, in {@link System#nanoTime()}. */
    long end() throws InterruptedException {
        if (this.hangs) {
            this.redis.signal("CONT");
        } else {
            this.redis = RedisServer.start(this.redis.port());
        }
        this.endedAt = System.nanoTime();
        this.busyAt = this.endedAt;
        return this.endedAt;
    }

    /** Waits until Redis has nothing to do, and returns how long after the end it had. */
    Duration awaitQuiet() throws InterruptedException {
        RedisUsage last = this.redis.usage();
        long quietSince = System.nanoTime();
        long now = quietSince;
        while (now - quietSince < QUIET_NANOS && now - this.endedAt < GIVE_UP_NANOS) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            RedisUsage usage = this.redis.usage();
            RedisUsage done = usage.since(last);
            now = System.nanoTime();
            if (done.scripts() > 0 || done.commands() > NOISE) {
                this.busyAt = now;
                quietSince = now;
            }
            last = usage;
        }
        return Duration.ofNanos(this.busyAt - this.endedAt);
    }

    /** What was executed since the outage began. */
    RedisUsage usage() {
        return this.redis.usage().since(this.before);
    }

    @Override
    public void close() {
        this.redis.close();
    }
}
