package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What is done once the guard is free, and in what order. */
class QueueGuardTests {

    private final QueueGuard guard = new QueueGuard(new FakeClock());

    @Test
    void wakesThreadsBeforeCallbacksRun() {
        AtomicLong parked = new AtomicLong(Long.MAX_VALUE);
        this.guard.lock();
        this.guard.afterwards(() -> {
            long since = System.nanoTime();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(30));
            parked.set(System.nanoTime() - since);
        });
        this.guard.wake(Thread.currentThread());
        this.guard.unlock();

        assertThat(Duration.ofNanos(parked.get())).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void isFreeForOthersBeforeAnythingIsDoneAfterwards() {
        CompletableFuture<Void> entered = new CompletableFuture<>();
        this.guard.lock();
        this.guard.afterwards(() -> {
            Thread other = new Thread(() -> this.guard.run(now -> entered.complete(null)));
            other.setDaemon(true);
            other.start();
            entered.orTimeout(10, TimeUnit.SECONDS).join();
        });
        this.guard.unlock();

        assertThat(entered).isCompleted();
    }

    @Test
    void whatFailsAfterwardsTakesNothingElseWithIt() {
        List<String> done = new ArrayList<>();
        this.guard.lock();
        this.guard.afterwards(() -> {
            throw new IllegalStateException("the first");
        });
        this.guard.afterwards(() -> done.add("the second"));
        assertThatThrownBy(this.guard::unlock).hasMessage("the first");
        assertThat(done).containsExactly("the second");
    }

    @Test
    void saysWhereItIsNotHeldThoughItShouldBe() {
        assertThatThrownBy(this.guard::assertHeld).isInstanceOf(AssertionError.class);
        this.guard.run(now -> this.guard.assertHeld());
    }

    /** The stack may have had no room for what leaves it. */
    @Test
    void isLeftForACallThatAnErrorHasEnded() {
        this.guard.lock();
        this.guard.lock();
        this.guard.leaveAfterError();

        CompletableFuture<Void> entered = CompletableFuture.runAsync(() -> this.guard.run(now -> {}), task -> {
            Thread other = new Thread(task);
            other.setDaemon(true);
            other.start();
        });
        assertThat(entered).succeedsWithin(Duration.ofSeconds(20));
    }
}
