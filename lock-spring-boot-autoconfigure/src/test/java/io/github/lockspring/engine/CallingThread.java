package io.github.lockspring.engine;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** A thread that acquires a lock and ends; its lease lives on. */
final class CallingThread {

    private final FakeClock clock;

    private final CompletableFuture<LockLease> result = new CompletableFuture<>();

    private final CompletableFuture<Boolean> interruptFlag = new CompletableFuture<>();

    private final Thread thread;

    private CallingThread(EngineFixture fixture, LockRequest request) {
        this.clock = fixture.clock;
        this.thread = new Thread(() -> {
            try {
                this.result.complete(fixture.engine.acquire(request));
            } catch (RuntimeException | Error ex) {
                this.result.completeExceptionally(ex);
            } finally {
                this.interruptFlag.complete(Thread.currentThread().isInterrupted());
            }
        });
    }

    static CallingThread start(EngineFixture fixture, LockRequest request) {
        CallingThread caller = new CallingThread(fixture, request);
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
