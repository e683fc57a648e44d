package io.github.lockspring.web;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** The work of one request, as its test wants it, in the form of any result. */
public final class Work {

    /** The entry of the MDC that the thread of a request has. */
    static final String CALLER = "caller";

    private static final Map<String, Work> ALL = new ConcurrentHashMap<>();

    /** What the work results in, from the test. */
    final CompletableFuture<String> result = new CompletableFuture<>();

    final AtomicInteger calls = new AtomicInteger();

    /** The request has returned to the server, and goes on asynchronously. */
    final CountDownLatch waits = new CountDownLatch(1);

    final CountDownLatch begun = new CountDownLatch(1);

    final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

    /** The lease that the thread of the work runs under. */
    volatile @Nullable LockLease lease;

    /** That entry, on the thread of the work. */
    volatile @Nullable String caller;

    volatile @Nullable ResponseBodyEmitter emitter;

    volatile @Nullable DeferredResult<String> deferred;

    volatile @Nullable HttpServletRequest request;

    volatile boolean heedsInterrupts = true;

    private Work() {}

    public static Work of(String id) {
        return ALL.computeIfAbsent(id, unused -> new Work());
    }

    Work called() {
        this.calls.incrementAndGet();
        return this;
    }

    public Callable<String> callable() {
        called();
        return this::text;
    }

    public DeferredResult<String> deferred(DeferredResult<String> deferred) {
        called();
        whenDone((text, failure) -> {
            if (failure != null) {
                deferred.setErrorResult(failure);
            } else {
                deferred.setResult(text);
            }
        });
        return deferred;
    }

    public StreamingResponseBody stream() {
        called();
        return stream -> stream.write(text().getBytes(StandardCharsets.UTF_8));
    }

    public <T extends ResponseBodyEmitter> T emitter(T emitter) {
        called();
        this.emitter = emitter;
        whenDone((text, failure) -> {
            if (failure != null) {
                emitter.completeWithError(failure);
            } else {
                try {
                    emitter.send(text);
                    emitter.complete();
                } catch (IOException ex) {
                    emitter.completeWithError(ex);
                }
            }
        });
        return emitter;
    }

    private void whenDone(BiConsumer<@Nullable String, @Nullable Throwable> action) {
        this.begun.countDown();
        CompletableFuture<String> unused = this.result.whenComplete(action);
    }

    /** Waits for the result, on a thread that may be interrupted for that. */
    String text() {
        this.lease = LockContext.current().orElse(null);
        this.caller = MDC.get(CALLER);
        this.begun.countDown();
        while (true) {
            try {
                return this.result.get();
            } catch (InterruptedException ex) {
                this.interrupted.complete(true);
                if (this.heedsInterrupts) {
                    throw new IllegalStateException("interrupted", ex);
                }
            } catch (ExecutionException ex) {
                throw (RuntimeException) ex.getCause();
            }
        }
    }

    void awaitBegun() throws InterruptedException {
        if (!this.begun.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the work has not begun");
        }
    }

    void awaitWaiting() throws InterruptedException {
        if (!this.waits.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the request does not wait");
        }
    }

    static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }
}
