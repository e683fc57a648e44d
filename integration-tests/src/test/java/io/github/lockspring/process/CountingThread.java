package io.github.lockspring.process;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.testredis.RespClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Increments a counter the way that loses increments whenever two do it at once, read first and write later, and lists
 * the fencing tokens in the order of entry.
 */
final class CountingThread {

    static final String COUNTER = "counter";

    static final String TOKENS = "tokens";

    private final ExclusiveWork work;

    private final RespClient redis;

    private final String data;

    private final String key;

    private CompletableFuture<@Nullable Void> end = CompletableFuture.completedFuture(null);

    CountingThread(ExclusiveWork work, RespClient redis, String data, String key) {
        this.work = work;
        this.redis = redis;
        this.data = data;
        this.key = key;
    }

    void start(int increments) {
        this.end = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < increments; i++) {
                        this.work.await(this.key, this::increment);
                    }
                },
                Executors.newSingleThreadExecutor());
    }

    void join() {
        this.end.join();
        this.redis.close();
    }

    private void increment() {
        String before = this.redis.text("GET", this.data + COUNTER);
        long token = LockContext.current().map(LockLease::fencingToken).orElse(-1L);
        this.redis.command("RPUSH", this.data + TOKENS, Long.toString(token));
        long after = before == null ? 1 : Long.parseLong(before) + 1;
        this.redis.command("SET", this.data + COUNTER, Long.toString(after));
    }
}
