package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Says that locks cannot be taken, once for every outage and once a minute at most, and that they can be again.
 * Thread-safe.
 */
final class OutageLog {

    private static final Logger log = LoggerFactory.getLogger(OutageLog.class);

    /** One thread: what is said first is written first. */
    private static final Executor WRITER = DaemonThreads.pool("redis-log", 1, Integer.MAX_VALUE);

    private static final long WARN_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String what;

    private final RedisConnectionFactory factory;

    private final RedisServerLabel server;

    private final LongSupplier nanoClock;

    private final Executor writer;

    private final AtomicLong lastWarning;

    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Creates a log.
     *
     * @param what which locks these are
     * @param factory connects to the server
     * @param server what is said about the server
     * @param writer writes: who calls may be inside a guard, or serve answers, and to write a log may take long
     */
    private OutageLog(
            String what,
            RedisConnectionFactory factory,
            RedisServerLabel server,
            LongSupplier nanoClock,
            Executor writer) {
        this.what = what;
        this.factory = factory;
        this.server = server;
        this.nanoClock = nanoClock;
        this.writer = writer;
        this.lastWarning = new AtomicLong(nanoClock.getAsLong() - WARN_EVERY_NANOS);
    }

    /** For all locks; written by one thread, in order. */
    static OutageLog of(RedisConnectionFactory factory, RedisServerLabel server, LongSupplier nanoClock) {
        return of(factory, server, nanoClock, OutageLog::writeLater);
    }

    static OutageLog of(
            RedisConnectionFactory factory, RedisServerLabel server, LongSupplier nanoClock, Executor writer) {
        return new OutageLog(server.locks(), factory, server, nanoClock, writer);
    }

    /** Has a message written after those that were given before it. */
    static void writeLater(Runnable message) {
        try {
            WRITER.execute(message);
        } catch (RuntimeException | Error ex) {
            message.run();
        }
    }

    /** For the locks that one server of a cluster keeps. */
    OutageLog ofServer(String name) {
        String its = this.what + " kept by server " + name + " of the cluster";
        return new OutageLog(its, this.factory, this.server, this.nanoClock, this.writer);
    }

    /** No connection could be made. That the application has stopped its connection factory is no outage. */
    void down(Throwable failure) {
        if (!CommandFailures.isLocal(failure)) {
            down(CommandFailures.noConnection(failure), ServerRefusal.of(failure));
        }
    }

    void down(String why, @Nullable ServerRefusal refusal) {
        long now = this.nanoClock.getAsLong();
        long last = this.lastWarning.get();
        if (!this.warned.get()
                && now - last >= WARN_EVERY_NANOS
                && this.lastWarning.compareAndSet(last, now)
                && !this.warned.getAndSet(true)) {
            this.writer.execute(() -> log.warn(
                    "{} cannot be taken: {}. {}. Callers wait as long as they may and get a LockStoreException then;"
                            + " Redis is tried again in the meantime",
                    this.what,
                    why,
                    remedy(refusal)));
        }
    }

    private String remedy(@Nullable ServerRefusal refusal) {
        String chosen = this.server.connectionFactory();
        if (refusal != null) {
            return chosen == null ? refusal.remedy() : refusal.remedy() + ". The connection factory is " + chosen;
        }
        ServerAddress address = ServerAddress.of(this.factory);
        return "Is Redis at " + address.text() + " running and reachable? Check "
                + (chosen == null ? address.properties() : chosen);
    }

    /** The server accepts commands. Cheap: called for every answer. */
    void up() {
        if (this.warned.get() && this.warned.compareAndSet(true, false)) {
            this.writer.execute(() -> log.info("{} can be taken again: Redis answers", this.what));
        }
    }
}
