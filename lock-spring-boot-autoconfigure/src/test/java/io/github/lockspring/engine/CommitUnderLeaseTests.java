package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.transaction.CommitGuard;
import io.github.lockspring.transaction.RecordingTransactions;
import io.github.lockspring.transaction.TransactionalReleaseStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.support.TransactionTemplate;

/** The renewal that a commit waits for, where little is left of a lease of the engine. */
class CommitUnderLeaseTests {

    private static final Duration GRANT_LEASE = Duration.ofSeconds(2);

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    private final List<String> journal = new ArrayList<>();

    private final RecordingTransactions transactions = new RecordingTransactions(this.journal);

    CommitUnderLeaseTests() {
        this.transactions.addListener(new CommitGuard());
    }

    @AfterEach
    void nothingIsBound() {
        assertThat(LockContext.current()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void renewsALeaseOfWhichLittleIsLeftOnceAndCommits(boolean renew) {
        LockLease lease = this.fixture.held(EngineFixture.LEASE, renew);
        onRenewal(renewal -> renewal.fail(Outcome.NOT_EXECUTED));
        under(lease, () -> {
            this.clock.advance(Duration.ofSeconds(21));
            this.journal.clear();
            onRenewal(renewal -> {
                assertThat(renewal.lease()).isEqualTo(EngineFixture.LEASE);
                renewal.renewed();
            });
        });
        assertThat(this.journal).containsExactly("renewal", "commit");
        assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(29));
    }

    @Test
    void leavesALeaseAloneOfWhichEnoughIsLeft() {
        LockLease lease = this.fixture.held(EngineFixture.LEASE, false);
        under(lease, () -> this.clock.advance(Duration.ofSeconds(19)));
        this.store.expectNothing();
        assertThat(this.journal).containsExactly("begin", "commit");
    }

    @Test
    void rollsBackIfTheRenewalFindsTheLockLost() {
        LockLease lease = this.fixture.held(EngineFixture.LEASE, false);
        onRenewal(StoreCommand.Renew::notOwner);
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(() -> under(lease, () -> this.clock.advance(Duration.ofSeconds(21))))
                .satisfies(lost -> assertThat(lost).hasNoSuppressedExceptions());
        assertThat(this.journal).containsExactly("begin", "renewal", "rollback");
        assertThat(lease.isLost()).isTrue();
    }

    /** The clock still proves the lease. */
    @Test
    void commitsIfTheStoreDoesNotAnswerWhileTheLeaseIsHeld() {
        LockLease lease = this.fixture.held(EngineFixture.LEASE, false);
        onRenewal(renewal -> {});
        under(lease, () -> this.clock.advance(Duration.ofSeconds(21)));
        assertThat(this.journal).containsExactly("begin", "renewal", "commit");
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void rollsBackIfTheLeaseEndsBeforeTheStoreAnswers() {
        LockLease lease = this.fixture.held(EngineFixture.LEASE, false);
        onRenewal(renewal -> {
            this.clock.advance(Duration.ofSeconds(10));
            renewal.fail(Outcome.UNKNOWN);
        });
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(() -> under(lease, () -> this.clock.advance(Duration.ofSeconds(21))))
                .satisfies(lost ->
                        assertThat(lost.getSuppressed()).singleElement().isInstanceOf(LockStoreException.class));
        assertThat(this.journal).containsExactly("begin", "renewal", "rollback");
    }

    /** It is shorter than the lease that was asked for until the first renewal, which comes only after this commit. */
    @Test
    void renewsALeaseThatWasHandedOver() {
        LockLease lease = handedOver();
        assertThat(lease.remaining()).isLessThan(GRANT_LEASE);
        onRenewal(StoreCommand.Renew::renewed);
        under(lease, () -> {});
        assertThat(this.journal).containsExactly("begin", "renewal", "commit");
        assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(29));
    }

    @Test
    void commitsUnderALeaseThatWasHandedOverIfTheStoreFails() {
        LockLease lease = handedOver();
        onRenewal(renewal -> renewal.fail(Outcome.UNKNOWN));
        under(lease, () -> {});
        assertThat(this.journal).containsExactly("begin", "renewal", "commit");
    }

    @Test
    void rollsBackUnderALeaseThatWasHandedOverAndIsLost() {
        LockLease lease = handedOver();
        onRenewal(StoreCommand.Renew::notOwner);
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> under(lease, () -> {}));
        assertThat(this.journal).containsExactly("begin", "renewal", "rollback");
    }

    @Test
    void renewsADeferredHoldThatWasClosed() {
        LockRequest request =
                EngineFixture.lease(EngineFixture.request(Duration.ofSeconds(10)), EngineFixture.LEASE, false);
        onRenewal(StoreCommand.Renew::renewed);

        inTransaction(() -> {
            UnaryOperator<LockLease> release = new TransactionalReleaseStrategy().beforeAcquire(request);
            release.apply(this.fixture.held(request)).close();
            this.clock.advance(Duration.ofSeconds(21));
            this.store.expectNothing();
        });

        assertThat(this.journal).containsExactly("begin", "renewal", "commit");
        assertThat(this.store.renew().lease()).isEqualTo(EngineFixture.LEASE);
        this.store.free().freed();
        this.fixture.expectNoTrace();
    }

    // ---- tools ----

    private LockLease handedOver() {
        this.store.listening(true);
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        this.store.grant(question, 4, GRANT_LEASE, 0);
        return EngineFixture.now(asked);
    }

    private void onRenewal(Consumer<StoreCommand.Renew> answer) {
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Renew renewal) {
                this.journal.add("renewal");
                answer.accept(renewal);
            }
        });
    }

    private void under(LockLease lease, Runnable body) {
        LockContext.Scope scope = LockContext.bind(lease);
        try {
            inTransaction(body);
        } finally {
            scope.close();
        }
    }

    private void inTransaction(Runnable body) {
        new TransactionTemplate(this.transactions).executeWithoutResult(status -> body.run());
    }
}
