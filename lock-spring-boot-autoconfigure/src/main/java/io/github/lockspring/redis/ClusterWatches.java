package io.github.lockspring.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches the servers of a cluster, which may be down one by one. If a server is silent, it may hang, or the driver's
 * connection to it may have died unnoticed, which the driver does not detect: then the connection to the cluster is
 * replaced, once in an outage of that server, because another connection does not help if the server hangs. An outage
 * without commands for a minute counts as another one. Attempts, some of which fail, are at least ten command time-outs
 * apart.
 *
 * <p>Thread-safe.
 */
final class ClusterWatches {

    private static final long RECENTLY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final int TIMEOUTS_BETWEEN_ATTEMPTS = 10;

    /** Replaces the connection. */
    interface Replacement {

        /**
         * Begins to, unless that is under way.
         *
         * @param onReplaced called when there is another connection
         */
        void begin(Runnable onReplaced);
    }

    private final BiFunction<String, Runnable, ServerWatch> newWatch;

    private final LongSupplier nanoClock;

    private final long pauseNanos;

    private final Replacement replacement;

    private final Map<String, Server> servers = new ConcurrentHashMap<>();

    /** When the last attempt to replace the connection began. */
    private final AtomicLong lastAttempt;

    /**
     * Creates an instance that knows no server yet.
     *
     * @param newWatch creates the watch of a server; gets its name, and the callback for silence
     */
    ClusterWatches(
            BiFunction<String, Runnable, ServerWatch> newWatch,
            LongSupplier nanoClock,
            Duration commandTimeout,
            Replacement replacement) {
        this.newWatch = newWatch;
        this.nanoClock = nanoClock;
        this.pauseNanos = commandTimeout.multipliedBy(TIMEOUTS_BETWEEN_ATTEMPTS).toNanos();
        this.replacement = replacement;
        this.lastAttempt = new AtomicLong(nanoClock.getAsLong() - this.pauseNanos);
    }

    ServerWatch of(String server) {
        return this.servers.computeIfAbsent(server, Server::new).watch;
    }

    /** The servers that were up during the last minute: others may be gone unnoticed. */
    List<String> inUse() {
        return this.servers.entrySet().stream()
                .filter(server -> server.getValue().watch.isInUse(RECENTLY_NANOS))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** There is reason to hope for all of them. */
    void tryAtOnce() {
        this.servers.values().forEach(server -> server.watch.tryAtOnce());
    }

    private boolean mayAttempt(long now) {
        long last = this.lastAttempt.get();
        return now - last >= this.pauseNanos && this.lastAttempt.compareAndSet(last, now);
    }

    private final class Server {

        private final ServerWatch watch;

        /** The outage for which the connection was replaced. */
        private volatile @Nullable Long replacedIn;

        private volatile long lastSilence;

        Server(String name) {
            this.watch = ClusterWatches.this.newWatch.apply(name, this::silent);
        }

        private void silent() {
            long now = ClusterWatches.this.nanoClock.getAsLong();
            if (now - this.lastSilence >= RECENTLY_NANOS) {
                this.replacedIn = null;
            }
            this.lastSilence = now;
            Long outage = this.watch.downSince();
            if (outage != null && !outage.equals(this.replacedIn) && mayAttempt(now)) {
                ClusterWatches.this.replacement.begin(() -> this.replacedIn = outage);
            }
        }
    }
}
