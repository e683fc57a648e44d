package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockDurations;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.NonBlocking;

/** Threads that serve answers are never blocked: the answer would wait for the thread that waits for it. */
class NonBlockingThreadTests {

    private final EngineFixture fixture = new EngineFixture(EngineFixture.FULL, ReleaseWait.SYNC, EngineFixture.INLINE);

    private final ScriptedStore store = this.fixture.store;

    @Test
    void aBlockingAcquisitionIsRefusedAtOnce() {
        this.store.servedByThisThread();
        assertThatIllegalStateException()
                .isThrownBy(() -> this.fixture.engine.acquire(EngineFixture.request(LockDurations.FOREVER)))
                .withMessageContaining(Thread.currentThread().getName())
                .withMessageContaining("'lock'")
                .withMessageContaining("asynchronous");
        this.fixture.expectNoTrace();
    }

    @Test
    void askingForTheHolderIsRefusedAtOnce() {
        this.store.servedByThisThread();
        this.store.answerHolder(new CompletableFuture<>());
        assertThatIllegalStateException().isThrownBy(() -> this.fixture.engine.holder(LockName.of("lock")));
    }

    @Test
    void aHoldIsReenteredThere() {
        this.store.servedByThisThread();
        LockLease outer = this.fixture.held();
        try (LockContext.Scope scope = LockContext.bind(outer);
                LockLease inner = this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO))) {
            assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());
            assertThat(scope).isNotNull();
        }
        outer.close();
        this.store.free().freed();
    }

    /** Without an answer: it could only come by this thread. */
    @Test
    void aReleaseThatIsToBeAwaitedIsNotAwaitedThere() {
        LockLease lease = this.fixture.held();
        this.store.servedByThisThread();
        lease.close();
        assertThat(lease.isHeld()).isFalse();
        this.store.free().freed();
        this.fixture.expectNoTrace();
    }

    @Test
    void closingTheEngineWaitsForNoAnswerThere() {
        this.fixture.held();
        CompletableFuture<LockLease> other = this.fixture.ask(EngineFixture.request("other", Duration.ofSeconds(10)));
        this.store.acquire().contended();
        this.store.servedByThisThread();
        this.fixture.engine.close();
        assertThat(other).isCompletedExceptionally();
        this.store.leave();
    }

    @Test
    void threadsThatReactorMarksAreNotBlockedEither() throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread marked =
                new MarkedThread(() -> this.fixture.engine.acquire(EngineFixture.request(LockDurations.FOREVER)));
        marked.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
        marked.start();
        marked.join(10_000);
        assertThat(failure.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining(marked.getName());
        this.fixture.expectNoTrace();
    }

    private static final class MarkedThread extends Thread implements NonBlocking {

        MarkedThread(Runnable task) {
            super(task, "marked");
            setDaemon(true);
        }
    }
}
