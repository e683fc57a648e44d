package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockSnapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What an engine says that it holds and waits for. */
class SnapshotTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    @Test
    void isEmptyWithoutCalls() {
        assertThat(this.fixture.engine.snapshot()).isEqualTo(LockSnapshot.EMPTY);
    }

    @Test
    void hasHoldsUntilTheyEndAndCallsUntilTheyHaveTheLock() {
        LockLease first = this.fixture.held();
        this.fixture.clock.advanceMillis(100);
        CompletableFuture<LockLease> second = this.fixture.ask();
        this.fixture.clock.advanceMillis(50);

        LockSnapshot snapshot = this.fixture.engine.snapshot();
        assertThat(snapshot.held()).singleElement().satisfies(held -> {
            assertThat(held.name()).isEqualTo(LockName.of("lock"));
            assertThat(held.owner()).startsWith("tests@");
            assertThat(held.fencingToken()).isEqualTo(first.fencingToken());
            assertThat(held.heldFor()).isEqualTo(Duration.ofMillis(150));
            assertThat(held.remaining()).isEqualTo(first.remaining());
            assertThat(held.thread()).isNull();
        });
        assertThat(snapshot.waiting()).singleElement().satisfies(waiting -> {
            assertThat(waiting.name()).isEqualTo(LockName.of("lock"));
            assertThat(waiting.waitedFor()).isEqualTo(Duration.ofMillis(50));
            assertThat(waiting.thread()).isNull();
        });

        first.close();
        this.store.keep().kept(2);
        assertThat(this.fixture.engine.snapshot().held())
                .singleElement()
                .satisfies(held ->
                        assertThat(held.fencingToken()).isEqualTo(second.join().fencingToken()));
        assertThat(this.fixture.engine.snapshot().waiting()).isEmpty();
        second.join().close();
        assertThat(this.fixture.engine.snapshot()).isEqualTo(LockSnapshot.EMPTY);
    }

    /** Nothing that calls need is taken for it. */
    @Test
    void doesNotWaitForAThreadThatIsInsideOfAGuard() throws InterruptedException {
        LockLease lease = this.fixture.held();
        LocalQueue queue = this.fixture.engine.queues.values().iterator().next();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread blocked = new Thread(() -> queue.guard.run(now -> {
            inside.countDown();
            try {
                leave.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }));
        blocked.start();
        inside.await();
        try {
            assertThat(CompletableFuture.supplyAsync(this.fixture.engine::snapshot))
                    .succeedsWithin(Duration.ofSeconds(5))
                    .satisfies(snapshot -> assertThat(snapshot.held()).hasSize(1));
            assertThat(CompletableFuture.supplyAsync(this.fixture.engine::status))
                    .succeedsWithin(Duration.ofSeconds(5));
        } finally {
            leave.countDown();
            blocked.join();
            lease.close();
        }
    }

    @Test
    void namesTheThreadsThatHoldAndWait() {
        CallingThread holder =
                this.fixture.call(EngineFixture.request(Duration.ofSeconds(1))).parked();
        assertThat(this.fixture.engine.snapshot().waiting())
                .singleElement()
                .satisfies(waiting -> assertThat(waiting.thread()).isNotNull());
        this.store.acquire().acquired(1);
        LockLease lease = holder.lease();
        assertThat(this.fixture.engine.snapshot().held())
                .singleElement()
                .satisfies(held -> assertThat(held.thread()).isNotNull());
        lease.close();
    }

    @Test
    void aLostHoldIsNoHold() {
        this.fixture.held(Duration.ofSeconds(1), false);
        this.fixture.clock.advance(Duration.ofSeconds(2));
        assertThat(this.fixture.engine.snapshot().held()).isEmpty();
    }
}
