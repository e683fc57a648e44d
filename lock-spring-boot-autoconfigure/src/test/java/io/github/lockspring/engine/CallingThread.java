package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A thread that acquires a lock and ends; its lease lives on. */
final class CallingThread {

    private final FakeClock clock;

    private final CompletableFuture<LockLease> result = new CompletableFuture<>();

    private final CompletableFuture<Boolean> interruptFlag = new CompletableFuture<>();

    private final Thread thread;

    private CallingThread(EngineFixture fixture, Supplier<LockLease> call) {
        this.clock = fixture.clock;
        this.thread = new Thread(() -> {
            try {
                this.result.complete(call.get());
            } catch (RuntimeException | Error ex) {
                this.result.completeExceptionally(ex);
            } finally {
                this.interruptFlag.complete(Thread.currentThread().isInterrupted());
            }
        });
    }

    static CallingThread start(EngineFixture fixture, LockRequest request) {
        return start(fixture, () -> fixture.engine.acquire(request));
    }

    static CallingThread startUninterruptibly(EngineFixture fixture, LockRequest request) {
        return start(fixture, () -> fixture.engine.acquireUninterruptibly(request));
    }

    private static CallingThread start(EngineFixture fixture, Supplier<LockLease> call) {
        CallingThread caller = new CallingThread(fixture, call);
        caller.thread.setDaemon(true);
        caller.thread.start();
        return caller;
    }

    CallingThread parked() {
        this.clock.awaitParked(this.thread);
        return this;
    }

    void interrupt() {
        this.thread.interrupt();
    }

    /** Waits until the thread has taken notice of an interrupt. */
    void awaitNoticed() {
        await().untilAsserted(() -> assertThat(this.thread.isInterrupted()).isFalse());
    }

    /** Wakes the thread as the language allows at any time. */
    void wakeSpuriously() {
        LockSupport.unpark(this.thread);
    }

    boolean endsInterrupted() {
        return get(this.interruptFlag);
    }

    LockLease lease() {
        return get(this.result);
    }

    Throwable failure() {
        try {
            this.result.get(5, TimeUnit.SECONDS);
            throw new AssertionError("The call did not fail");
        } catch (ExecutionException ex) {
            return ex.getCause();
        } catch (InterruptedException | TimeoutException ex) {
            throw new AssertionError("The call did not end", ex);
        }
    }

    boolean isWaiting() {
        return !this.result.isDone();
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(5, TimeUnit.SECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException ex) {
            throw new AssertionError("The call did not end well", ex);
        }
    }
}
