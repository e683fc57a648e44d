package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whoever asks for the holder is not told of a lease of this process that has been closed. */
class HolderQueryTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final LockLease lease = this.fixture.held();

    @Test
    void aReleaseThatIsUnderWayIsAwaited() {
        this.lease.close();
        StoreCommand.Release release = this.store.free();
        answer(release.tenure().owner());
        CompletableFuture<Optional<LockHolder>> look = look();
        this.store.awaitLooks(1);
        answerFree();
        assertThat(look).isNotDone();
        release.freed();
        assertThat(look).succeedsWithin(PATIENCE).isEqualTo(Optional.empty());
    }

    @Test
    void anAnswerFromBeforeAReleaseThatHasBeenAnsweredDoesNotCount() {
        this.lease.close();
        StoreCommand.Release release = this.store.free();
        CompletableFuture<Optional<LockHolder>> answer = new CompletableFuture<>();
        this.store.answerHolder(answer);
        CompletableFuture<Optional<LockHolder>> look = look();
        this.store.awaitLooks(1);
        release.freed();
        answerFree();
        answer.complete(Optional.of(holder(release.tenure().owner())));
        assertThat(look).succeedsWithin(PATIENCE).isEqualTo(Optional.empty());
    }

    @Test
    void theLeaveThatMakesUpForAReleaseIsAwaited() {
        this.lease.close();
        StoreCommand.Release release = this.store.free();
        answer(release.tenure().owner());
        CompletableFuture<Optional<LockHolder>> look = look();
        this.store.awaitLooks(1);
        release.fail(Outcome.UNKNOWN);
        StoreCommand.Leave leave = this.store.leave();
        this.store.awaitLooks(2);
        answerFree();
        assertThat(look).isNotDone();
        leave.done();
        assertThat(look).succeedsWithin(PATIENCE).isEqualTo(Optional.empty());
    }

    /** The next caller may have gone by the time the store has kept the lock for it. */
    @Test
    void aQuestionWhetherTheLockIsKeptIsAwaited() {
        CompletableFuture<LockLease> next = this.fixture.ask();
        this.fixture.clock.advanceMillis(20);
        this.lease.close();
        StoreCommand.Release keep = this.store.keep();
        next.cancel(false);
        answer(keep.tenure().owner());
        CompletableFuture<Optional<LockHolder>> look = look();
        this.store.awaitLooks(1);
        keep.kept(2);
        StoreCommand.Release release = this.store.free();
        this.store.awaitLooks(2);
        answerFree();
        assertThat(look).isNotDone();
        release.freed();
        assertThat(look).succeedsWithin(PATIENCE).isEqualTo(Optional.empty());
    }

    @Test
    void anAnswerThatDoesNotComeFailsAfterTheCommandTimeout() {
        this.lease.close();
        answer(this.store.free().tenure().owner());
        assertThat(look())
                .failsWithin(EngineFixture.COMMAND_TIMEOUT.plus(PATIENCE))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(LockStoreException.class)
                .withMessageContaining("'lock'");
    }

    @Test
    void ourOwnHolderIsTold() {
        String owner = ownerOf(this.lease);
        answer(owner);
        assertThat(this.fixture.engine.holder(LockName.of("lock"))).contains(holder(owner));
        this.lease.close();
    }

    /** The store says so twice: the lock is its as far as others can see. */
    @Test
    void anOwnerThatTheStoreStillNamesAfterItsLossIsTold() {
        String owner = ownerOf(this.lease);
        this.fixture.clock.advance(Duration.ofSeconds(11));
        this.store.renew().notOwner();
        assertThat(this.lease.isLost()).isTrue();
        answer(owner);
        assertThat(this.fixture.engine.holder(LockName.of("lock"))).contains(holder(owner));
        this.store.awaitLooks(2);
    }

    private String ownerOf(LockLease held) {
        assertThat(held.isHeld()).isTrue();
        return this.fixture.engine.tenures.all().stream()
                .map(Tenure.class::cast)
                .map(tenure -> tenure.holder().owner())
                .findFirst()
                .orElseThrow();
    }

    private CompletableFuture<Optional<LockHolder>> look() {
        return CompletableFuture.supplyAsync(() -> this.fixture.engine.holder(LockName.of("lock")));
    }

    private void answer(String owner) {
        this.store.answerHolder(CompletableFuture.completedFuture(Optional.of(holder(owner))));
    }

    private void answerFree() {
        this.store.answerHolder(CompletableFuture.completedFuture(Optional.empty()));
    }

    private static LockHolder holder(String owner) {
        return new LockHolder(owner, Duration.ofSeconds(29));
    }
}
