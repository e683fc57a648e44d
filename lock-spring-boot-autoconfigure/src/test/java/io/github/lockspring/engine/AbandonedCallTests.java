package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LogCapture;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.StoreCapability;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that an error ends on their way, and threads that die with a lease, leave no holder behind. */
class AbandonedCallTests {

    private static final int ENOUGH = 40;

    private final ScriptedStore store = new ScriptedStore(Set.of(StoreCapability.QUEUE, StoreCapability.KEEP));

    private final FailingClock clock = new FailingClock();

    private final DefaultLockEngine engine = new DefaultLockEngine(
            this.store,
            EngineFixture.settings(Duration.ofMillis(10), EngineFixture.INLINE),
            this.clock,
            EngineMonitor.NONE,
            () -> EngineFixture.INLINE);

    private String holder = "";

    private int requests;

    AbandonedCallTests() {
        this.store.answerAtOnce(this::answer);
    }

    /** One lock, as a store keeps it. */
    private void answer(StoreCommand<?> command) {
        if (command instanceof StoreCommand.Acquire acquire) {
            this.requests++;
            if (this.holder.isEmpty() || this.holder.equals(acquire.owner())) {
                this.holder = acquire.owner();
                acquire.acquired(1);
            } else {
                acquire.contended(this.holder, Duration.ofSeconds(30), 0, 0);
            }
        } else if (command instanceof StoreCommand.Renew renew) {
            renew.renewed();
        } else if (command instanceof StoreCommand.Release release) {
            if (release.mode() instanceof ReleaseMode.Free) {
                this.holder = "";
                release.freed();
            } else {
                release.kept(2);
            }
        } else if (command instanceof StoreCommand.Leave leave) {
            this.holder = leave.owner().equals(this.holder) ? "" : this.holder;
            leave.done();
        }
    }

    /** The errors at which a call ends may also hinder what it does about that. */
    @ParameterizedTest
    @CsvSource({"true, 1", "true, 2", "false, 1", "false, 2"})
    void errorsAnywhereInAnAcquisitionLeaveNoHolder(boolean blocking, int errors) {
        int failed = 0;
        for (int step = 1; step <= ENOUGH; step++) {
            this.clock.failAtStep(step, errors);
            try {
                LockLease lease =
                        blocking ? this.engine.acquire(EngineFixture.request(Duration.ofSeconds(1))) : asked();
                this.clock.failNoMore();
                lease.close();
            } catch (StackOverflowError | LockException expected) {
                failed++;
            }
            this.clock.failNoMore();
            expectFree(step);
        }
        assertThat(failed).as("steps at which an acquisition fails").isBetween(2, ENOUGH - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void errorsAnywhereInAWaitLeaveNoRequest(int errors) {
        for (int step = 1; step <= ENOUGH; step++) {
            this.holder = "another process";
            this.clock.failAtStep(step, errors);
            try (LockLease lease = this.engine.acquire(EngineFixture.request(Duration.ofMinutes(10)))) {
                assertThat(lease).isNull();
            } catch (StackOverflowError | LockNotAcquiredException expected) {
                this.clock.failNoMore();
            }
            this.clock.time.advance(Duration.ofSeconds(3));
            this.requests = 0;
            this.clock.time.advance(Duration.ofSeconds(10));
            assertThat(this.requests)
                    .as("requests for nobody after an error at step %d", step)
                    .isZero();
            this.holder = "";
            expectFree(step);
        }
    }

    private LockLease asked() {
        CompletableFuture<LockLease> asked = this.engine
                .acquireAsync(EngineFixture.request(Duration.ofSeconds(1)))
                .toCompletableFuture();
        try {
            for (int i = 0; i < 100 && !asked.isDone(); i++) {
                this.clock.time.advanceMillis(50);
            }
            return asked.orTimeout(1, TimeUnit.SECONDS).join();
        } catch (CompletionException ex) {
            throw new StackOverflowError(ex.getMessage());
        } catch (StackOverflowError ofTheTimer) {
            this.clock.failNoMore();
            CompletableFuture<Void> unused = asked.thenAccept(LockLease::close);
            throw ofTheTimer;
        }
    }

    @Test
    void anErrorAnywhereInAReleaseLeavesNoHolder() {
        int failed = 0;
        for (int step = 1; step <= ENOUGH; step++) {
            LockLease lease = this.engine.acquire(EngineFixture.request(Duration.ofSeconds(1)));
            this.clock.failAtStep(step, 1);
            failed += catchThrowable(lease::close) != null ? 1 : 0;
            this.clock.failNoMore();
            expectFree(step);
        }
        assertThat(failed).as("steps at which a release fails").isBetween(1, ENOUGH - 1);
    }

    private void expectFree(int step) {
        this.clock.time.advance(Duration.ofSeconds(3));
        assertThat(this.holder)
                .as("who has the lock after an error at step %d", step)
                .isEmpty();
        try (LockLease lease = this.engine.acquire(EngineFixture.request(Duration.ofMillis(200)))) {
            assertThat(lease.isHeld())
                    .as("a later call after an error at step %d", step)
                    .isTrue();
        }
        this.clock.time.advance(Duration.ofSeconds(3));
        assertThat(this.engine.tenures.all()).isEmpty();
        assertThat(this.engine.queues).isEmpty();
    }

    @Test
    void anErrorOutOfTheStoreIsAStoreThatFails() {
        EngineFixture fixture = new EngineFixture();
        AtomicInteger left = new AtomicInteger(1);
        fixture.store.answerAtOnce(command -> {
            if (left.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        CompletableFuture<LockLease> asked = fixture.ask();
        StoreCommand.Acquire first = fixture.store.acquire();
        fixture.clock.advanceMillis(50);
        StoreCommand.Acquire again = fixture.store.acquire();
        assertThat(again.owner()).isEqualTo(first.owner());
        again.acquired(1);
        assertThat(asked).isCompleted();
    }

    @Test
    void theLockOfADeadThreadIsGivenBackOnceItsLeaseIsUnreachable() throws InterruptedException {
        LockLease[] lease = {null};
        Thread thread = new Thread(() -> lease[0] = this.engine.acquire(EngineFixture.request(Duration.ofSeconds(1))));
        thread.start();
        thread.join();
        forgetAfterAWhile(lease);
        awaitGivenBack();
    }

    @Test
    void theLockOfAnAsynchronousCallIsGivenBackOnceItsLeaseIsUnreachable() {
        LockLease[] lease = {asked()};
        lease[0].onLost(() -> {});
        forgetAfterAWhile(lease);
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            awaitGivenBack();
            assertThat(log.said(Level.WARN).toString())
                    .containsOnlyOnce("asynchronous lease of lock 'lock' was not closed");
        }
    }

    @Test
    void theLockOfALeaseThatWasReenteredIsKeptWhileTheInnerOneIsReachable() {
        LockLease outer = asked();
        LockRequest request = EngineFixture.request(Duration.ZERO);
        LockLease[] inner = {
            this.engine
                    .acquireAsync(new LockRequest(
                            request.name(), request.waitTime(), request.leaseTime(), request.renew(), false, outer))
                    .toCompletableFuture()
                    .join()
        };
        outer.close();
        outer = null;
        forgetAfterAWhile(inner);
        awaitGivenBack();
    }

    @Test
    void theLockOfADeadThreadIsKeptWhileAnInnerLeaseIsReachable() throws InterruptedException {
        LockLease[] inner = {null};
        Thread thread = new Thread(() -> {
            LockRequest request = EngineFixture.request(Duration.ofSeconds(1));
            try (LockLease outer = this.engine.acquire(request)) {
                inner[0] = this.engine
                        .acquireAsync(new LockRequest(
                                request.name(), request.waitTime(), request.leaseTime(), true, false, outer))
                        .toCompletableFuture()
                        .join();
            }
        });
        thread.start();
        thread.join();
        for (int i = 0; i < 30; i++) {
            this.clock.time.advance(Duration.ofSeconds(2));
            System.gc();
        }
        assertThat(this.holder).isNotEmpty();
        assertThat(inner[0].isHeld()).isTrue();
        inner[0].close();
        assertThat(this.holder).isEmpty();
    }

    /** The lock is held for as long as the lease is reachable. */
    private void forgetAfterAWhile(LockLease[] lease) {
        for (int i = 0; i < 30; i++) {
            this.clock.time.advance(Duration.ofSeconds(2));
            System.gc();
        }
        assertThat(this.holder).as("held while the lease is reachable").isNotEmpty();
        assertThat(lease[0].isHeld()).isTrue();
        Reference.reachabilityFence(lease[0]);
        lease[0] = null;
    }

    private void awaitGivenBack() {
        await().untilAsserted(() -> {
            System.gc();
            this.clock.time.advance(Duration.ofSeconds(2));
            assertThat(this.holder).isEmpty();
        });
    }

    @Test
    void theLockOfALivingThreadIsKeptThoughItsLeaseIsUnreachable() {
        this.engine.acquire(EngineFixture.request(Duration.ofSeconds(1)));
        for (int i = 0; i < 30; i++) {
            System.gc();
            this.clock.time.advance(Duration.ofSeconds(2));
        }
        assertThat(this.holder).isNotEmpty();
        LockContext.required().close();
        assertThat(this.holder).isEmpty();
    }

    /** A clock that fails at one of the moments at which it is asked, as a stack that ends there does. */
    private static final class FailingClock implements EngineClock {

        private final FakeClock time = new FakeClock();

        private int stepsLeft = Integer.MAX_VALUE;

        private int errorsLeft;

        void failAtStep(int step, int errors) {
            this.stepsLeft = step;
            this.errorsLeft = errors;
        }

        void failNoMore() {
            this.stepsLeft = Integer.MAX_VALUE;
        }

        private void step() {
            if (--this.stepsLeft <= 0 && --this.errorsLeft >= 0) {
                throw new StackOverflowError();
            }
        }

        @Override
        public long nanoTime() {
            step();
            return this.time.nanoTime();
        }

        @Override
        public long wallTimeMillis() {
            step();
            return this.time.wallTimeMillis();
        }

        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            step();
            return this.time.schedule(delayNanos, task);
        }

        /** Time goes on while the one thread waits. */
        @Override
        public void park(Object blocker, long nanos) {
            step();
            this.time.advanceMillis(50);
        }

        @Override
        public void shutdown() {
            this.time.shutdown();
        }
    }
    /** Recursion that nothing ends but the stack; each lease is closed, or tried to be. */
    @Test
    void recursionThatOverflowsTheStackLeavesNoHolder() throws InterruptedException {
        for (int i = 0; i < 40; i++) {
            CountDownLatch over = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = new Thread(
                    null,
                    () -> {
                        assertThat(catchThrowable(this::recurse)).isInstanceOf(StackOverflowError.class);
                        over.countDown();
                        awaitUninterruptibly(end);
                    },
                    "recursion",
                    400_000 + i * 1_111);
            thread.start();
            over.await();
            this.clock.time.advance(Duration.ofSeconds(10));
            assertThat(this.holder)
                    .as("who has the lock, the thread being alive")
                    .isEmpty();
            end.countDown();
            thread.join();
        }
    }

    /** The stack ends at each point of closing an inner lease, once; the outer one is closed with room to spare. */
    @Test
    void stackThatEndsWhileALeaseIsClosedLeavesNoHolder() throws InterruptedException {
        AtomicInteger failed = new AtomicInteger();
        Thread thread = new Thread(
                null,
                () -> {
                    for (int depth = 0; depth < 60; depth++) {
                        LockLease outer = this.engine.acquire(EngineFixture.request(Duration.ofSeconds(1)));
                        LockLease inner = this.engine.acquire(EngineFixture.request(Duration.ofSeconds(1)));
                        NearTheEnd closing = new NearTheEnd(depth, inner::close);
                        closing.descend();
                        failed.addAndGet(closing.failed ? 1 : 0);
                        // a call for which there was no room at all did not begin
                        inner.close();
                        outer.close();
                        this.clock.time.advance(Duration.ofSeconds(10));
                        assertThat(this.holder)
                                .as("who has the lock after closing %d frames from the end", depth)
                                .isEmpty();
                    }
                },
                "recursion",
                400_000);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        thread.setUncaughtExceptionHandler((ended, ex) -> failure.set(ex));
        thread.start();
        thread.join();
        assertThat(failure.get()).isNull();
        assertThat(failed.get())
                .as("depths at which a stack ends while a lease is closed")
                .isPositive();
    }

    /** Runs an action once, so many frames from where the stack has ended. */
    private static final class NearTheEnd {

        private final int distance;

        private final Runnable action;

        boolean failed;

        private boolean ran;

        NearTheEnd(int distance, Runnable action) {
            this.distance = distance;
            this.action = action;
        }

        /** Returns the distance to the end. */
        int descend() {
            int below;
            try {
                below = descend();
            } catch (StackOverflowError theEnd) {
                below = -1;
            }
            if (below + 1 == this.distance && !this.ran) {
                this.ran = true;
                try {
                    this.action.run();
                } catch (StackOverflowError ex) {
                    this.failed = true;
                }
            }
            return below + 1;
        }
    }

    private void recurse() {
        try (LockLease lease = this.engine.acquire(EngineFixture.request(Duration.ofSeconds(1)))) {
            recurse();
            lease.ensureHeld();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
