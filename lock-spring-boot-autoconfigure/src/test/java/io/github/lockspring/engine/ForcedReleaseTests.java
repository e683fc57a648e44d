package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
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
    void exactlyTheOwnerThatHasTheLockLeaves() {
        answer("other");
        CompletableFuture<Optional<LockHolder>> forced = force("other");
        StoreCommand.Leave leave = this.store.leave();
        assertThat(leave.owner()).isEqualTo("other");
        answer("next");
        leave.done();
        assertThat(forced).succeedsWithin(PATIENCE).isEqualTo(Optional.of(holder("other")));
    }

    @Test
    void anOwnerThatStillHasTheLockIsAFailure() {
        answer("foreign");
        CompletableFuture<Optional<LockHolder>> forced = force(null);
        this.store.leave().done();
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
        this.store.leave().fail(Outcome.UNKNOWN);
        assertThat(forced)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(LockStoreException.class)
                .withMessageContaining("Cannot tell whether other has lost lock 'lock'");
    }

    /** The next caller asks the store: it must not get a hold of the tenure that is over. */
    @Test
    void aHolderOfThisProcessLosesItAtOnceAndItsNextCallerAsksAgain() {
        LockLease lease = this.fixture.held();
        CompletableFuture<LockLease> next = this.fixture.ask();
        String owner = this.fixture.engine.snapshot().held().get(0).owner();
        answer(owner);
        CompletableFuture<Optional<LockHolder>> forced = force(owner);
        StoreCommand.Leave leave = this.store.leave();
        answer(null);
        leave.done();
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
