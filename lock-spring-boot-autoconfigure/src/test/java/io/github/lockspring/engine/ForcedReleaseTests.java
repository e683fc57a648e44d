package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.StageFailures;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an engine sends when a lock is taken away from its holder, and what its own callers notice. */
class ForcedReleaseTests {

    private static final LockName LOCK = LockName.of("lock");

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    @Test
    void aFreeLockIsLeftAlone() {
        answer(null);
        assertThat(this.fixture.engine.forceRelease(LOCK, null)).isEmpty();
        this.store.expectNothing();
    }

    @Test
    void anotherOwnerThanTheOneThatIsNamedIsLeftAlone() {
        answer("other");
        assertThat(this.fixture.engine.forceRelease(LOCK, "third")).isEmpty();
        this.store.expectNothing();
    }

    @Test
    void exactlyTheOwnerThatHasTheLockLosesIt() {
        answer("other");
        CompletableFuture<Optional<LockHolder>> forced = force("other");
        StoreCommand.Release free = this.store.free();
        assertThat(free.tenure().owner()).isEqualTo("other");
        answer("next");
        free.freed();
        assertThat(forced).succeedsWithin(PATIENCE).isEqualTo(Optional.of(holder("other")));
    }

    /** Of several commands at the same moment, one takes it away. */
    @Test
    void anOwnerThatHasLostItInTheMeantimeHasNotLostItByThis() {
        answer("other");
        CompletableFuture<Optional<LockHolder>> forced = force("other");
        StoreCommand.Release free = this.store.free();
        answer("next");
        free.notOwner();
        assertThat(forced).succeedsWithin(PATIENCE).isEqualTo(Optional.empty());
    }

    @Test
    void anOwnerThatStillHasTheLockIsAFailure() {
        answer("foreign");
        CompletableFuture<Optional<LockHolder>> forced = force(null);
        this.store.free().freed();
        assertThat(forced)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(LockStoreException.class)
                .withMessageContaining("still belongs to foreign");
    }

    @Test
    void aFailureOfTheStoreIsTold() {
        answer("other");
        CompletableFuture<Optional<LockHolder>> forced = force(null);
        this.store.free().fail(Outcome.UNKNOWN);
        assertThat(forced)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(LockStoreException.class)
                .withMessageContaining("Cannot tell whether other has lost lock 'lock'");
    }

    /** Nothing has been sent that could take it away. */
    @Test
    void withoutAnswerWhoHasTheLockNothingHasChanged() {
        this.store.answerHolder(
                CompletableFuture.failedFuture(new LockStoreException("of the test", null, Outcome.UNKNOWN)));
        assertThat(outcome(force(null))).isEqualTo(Outcome.NOT_EXECUTED);
        this.store.expectNothing();
    }

    @Test
    void aCommandWithoutAnswerMayHaveTakenItAway() {
        answer("other");
        CompletableFuture<Optional<LockHolder>> forced = force(null);
        this.store.free().fail(Outcome.UNKNOWN);
        assertThat(outcome(forced)).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void aHolderOfThisProcessLosesItWhateverTheStoreSaysAfterThat() {
        LockLease lease = this.fixture.held();
        String owner = this.fixture.engine.snapshot().held().get(0).owner();
        answer(owner);
        CompletableFuture<Optional<LockHolder>> forced = force(owner);
        StoreCommand.Release free = this.store.free();
        CompletableFuture<Optional<LockHolder>> next = new CompletableFuture<>();
        this.store.answerHolder(next);
        free.freed();
        this.store.awaitLooks(2);
        assertThat(lease.isLost()).isTrue();
        assertThat(forced).isNotDone();

        next.completeExceptionally(new LockStoreException("of the test", null, Outcome.NOT_EXECUTED));
        assertThat(outcome(forced)).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void anInterruptedCallMayHaveTakenItAway() throws Exception {
        answer("other");
        CompletableFuture<Optional<LockHolder>> forced = new CompletableFuture<>();
        Thread operator = new Thread(() -> {
            try {
                forced.complete(this.fixture.engine.forceRelease(LOCK, null));
            } catch (RuntimeException ex) {
                forced.completeExceptionally(ex);
            }
        });
        operator.start();
        StoreCommand.Release free = this.store.free();
        operator.interrupt();
        assertThat(outcome(forced)).isEqualTo(Outcome.UNKNOWN);
        free.freed();
        operator.join();
    }

    private static Outcome outcome(CompletableFuture<?> forced) {
        assertThat(forced).failsWithin(PATIENCE);
        Throwable failure =
                forced.handle((result, ex) -> StageFailures.unwrap(ex)).join();
        assertThat(failure).isInstanceOf(LockStoreException.class);
        return ((LockStoreException) failure).getOutcome();
    }

    /** The next caller asks the store: it must not get a hold of the tenure that is over. */
    @Test
    void aHolderOfThisProcessLosesItAtOnceAndItsNextCallerAsksAgain() {
        LockLease lease = this.fixture.held();
        CompletableFuture<LockLease> next = this.fixture.ask();
        String owner = this.fixture.engine.snapshot().held().get(0).owner();
        answer(owner);
        CompletableFuture<Optional<LockHolder>> forced = force(owner);
        StoreCommand.Release free = this.store.free();
        answer(null);
        free.freed();
        assertThat(forced).succeedsWithin(PATIENCE).isEqualTo(Optional.of(holder(owner)));

        assertThat(lease.isLost()).isTrue();
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(lease::ensureHeld)
                .withMessageContaining("it was released by force");
        StoreCommand.Acquire asked = this.store.acquire();
        assertThat(asked.request().tenure().owner()).isNotEqualTo(owner);
        asked.acquired(7);
        assertThat(EngineFixture.now(next).isHeld()).isTrue();
    }

    private CompletableFuture<Optional<LockHolder>> force(@Nullable String owner) {
        return CompletableFuture.supplyAsync(() -> this.fixture.engine.forceRelease(LOCK, owner));
    }

    private void answer(@Nullable String owner) {
        this.store.answerHolder(
                CompletableFuture.completedFuture(Optional.ofNullable(owner).map(ForcedReleaseTests::holder)));
    }

    private static LockHolder holder(String owner) {
        return new LockHolder(owner, Duration.ofSeconds(1));
    }
}
