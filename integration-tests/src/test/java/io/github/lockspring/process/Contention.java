package io.github.lockspring.process;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Threads of one process that want the same lock again and again, and work a millisecond under it. */
final class Contention {

    private static final long WORK = Duration.ofMillis(1).toNanos();

    private final ExclusiveWork work;

    Contention(ExclusiveWork work) {
        this.work = work;
    }

    /** Goes on for some time; returns the fencing tokens of every thread, as {@link #parse} reads them. */
    String run(String key, int threads, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<CompletableFuture<String>> tokens = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            tokens.add(CompletableFuture.supplyAsync(() -> workUntil(end, key), executor));
        }
        executor.shutdown();
        return tokens.stream().map(CompletableFuture::join).collect(Collectors.joining(" "));
    }

    private String workUntil(long end, String key) {
        List<String> tokens = new ArrayList<>();
        while (end - System.nanoTime() > 0) {
            this.work.await(key, () -> {
                tokens.add(LockContext.current()
                        .map(LockLease::fencingToken)
                        .map(String::valueOf)
                        .orElseThrow());
                LockSupport.parkNanos(WORK);
            });
        }
        return String.join(",", tokens);
    }

    /** A thread that never had the lock has no tokens. */
    static List<List<Long>> parse(String tokens) {
        return Arrays.stream(tokens.split(" ", -1))
                .map(thread -> Arrays.stream(thread.split(","))
                        .filter(token -> !token.isEmpty())
                        .map(Long::valueOf)
                        .toList())
                .toList();
    }
}
