package io.github.lockspring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockDurations;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class CommitGuardTests {

    private static final Duration SHORT = FakeLease.LEASE_TIME.dividedBy(3).minusMillis(1);

    private final List<String> journal = new ArrayList<>();

    private final RecordingTransactions transactions = new RecordingTransactions(this.journal);

    private final TransactionalReleaseStrategy strategy = new TransactionalReleaseStrategy();

    private final FakeLease lease = new FakeLease("order", 1, this.journal);

    CommitGuardTests() {
        this.transactions.addListener(new CommitGuard());
    }

    @AfterEach
    void nothingIsBound() {
        this.lease.close();
        assertThat(LockContext.current()).isEmpty();
    }

    @Test
    void commitsWithoutALock() {
        inTransaction(() -> {});
        assertThat(this.journal).containsExactly("begin", "commit");
    }

    @Test
    void commitsUnderALeaseThatIsHeldAndLeavesItAlone() {
        this.lease.bound().remaining = FakeLease.LEASE_TIME.dividedBy(3);
        inTransaction(() -> {});
        assertThat(this.journal).containsExactly("begin", "commit");
        assertThat(this.lease.extensions).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rollsBackUnderALostLease(boolean readOnly) {
        this.lease.bound();
        TransactionTemplate template = new TransactionTemplate(this.transactions);
        template.setReadOnly(readOnly);
        assertLost(() -> template.executeWithoutResult(status -> this.lease.lost = true));
        assertThat(this.journal).containsExactly("begin", "rollback");
    }

    @Test
    void rollsBackIfAnOuterLeaseIsLost() {
        this.lease.bound().lost = true;
        FakeLease inner = new FakeLease("invoice", 2, this.journal).bound();
        assertLost(() -> inTransaction(() -> {}));
        assertThat(this.journal).containsExactly("begin", "rollback");
        inner.close();
    }

    /** The check is the last step: what listeners before the commit do takes time, too. */
    @Test
    void rollsBackIfTheLeaseIsLostWhileTheCommitIsPrepared() {
        this.lease.bound();
        assertLost(() -> inTransaction(() ->
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void beforeCompletion() {
                        CommitGuardTests.this.lease.lost = true;
                    }
                })));
        assertThat(this.journal).containsExactly("begin", "rollback");
    }

    @Test
    void rollbackDoesNotAskForTheLease() {
        this.lease.bound().lost = true;
        assertThatIllegalStateException()
                .isThrownBy(() -> inTransaction(() -> {
                    throw new IllegalStateException("of the application");
                }))
                .withMessage("of the application")
                .withNoCause();
    }

    @Test
    void innerTransactionReliesOnTheLocksOfTheOuterOne() {
        this.lease.bound();
        inTransaction(() -> {
            this.lease.lost = true;
            assertLost(() -> in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> {}));
            this.lease.lost = false;
        });
        assertThat(this.journal).containsExactly("begin", "begin", "rollback", "commit");
    }

    @Test
    void rollsBackIfADeferredHoldThatWasClosedIsLost() {
        assertLost(() -> inTransaction(() -> {
            defer(FakeLease::bound).close();
            this.lease.lost = true;
        }));
        assertThat(this.journal).containsExactly("begin", "rollback", "released order");
    }

    @Test
    void rollsBackIfADeferredHoldOfNoThreadIsLost() {
        assertLost(() -> inTransaction(() -> {
            LockLease unbound = defer(given -> {});
            assertThat(LockContext.current()).isEmpty();
            unbound.close();
            this.lease.lost = true;
        }));
        assertThat(this.journal).containsExactly("begin", "rollback", "released order");
    }

    @Test
    void leaseThatWasGivenUpAndIsStillBoundDoesNotConcernTheTransaction() {
        inTransaction(() -> {
            this.lease.close();
            bindUntilCompletion(this.lease);
        });
        assertThat(this.journal).containsExactly("begin", "released order", "commit");
    }

    @Test
    void deferredHoldOfAnInnerTransactionThatIsStillBoundDoesNotConcernTheOuterOne() {
        List<LockLease> given = new ArrayList<>();
        inTransaction(() -> {
            in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> given.add(defer(unbound -> {})));
            bindUntilCompletion(given.get(0));
            given.get(0).close();
            assertThat(LockContext.current()).containsSame(given.get(0));
        });
        assertThat(this.journal).containsExactly("begin", "begin", "commit", "released order", "commit");
    }

    /** Closing does not make a loss undone. */
    @Test
    void rollsBackIfALostLeaseWasClosedAndIsStillBound() {
        this.lease.lost = true;
        this.lease.close();
        LockContext.Scope carried = LockContext.bind(this.lease);
        assertLost(() -> inTransaction(() -> {}));
        carried.close();
        assertThat(this.journal).containsExactly("released order", "begin", "rollback");
    }

    // ---- a lease that was not closed ----

    @Test
    void saysWhyATransactionReliesOnALeaseThatWasAcquiredBeforeIt() {
        this.lease.bound().lost = true;
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(() -> inTransaction(() -> {}))
                .withMessageContainingAll(
                        "Lease of lock 'order' (fencing token 1) was lost: the test says so. ",
                        "The transaction is not committed, since thread '"
                                + Thread.currentThread().getName() + "' runs under this lease",
                        "If that work has ended")
                .satisfies(lost -> {
                    assertThat(lost.getFencingToken()).isEqualTo(1);
                    assertThat(lost.getLockName()).isEqualTo("order");
                    assertThat(lost.getFullName()).isEqualTo("order");
                });
    }

    @Test
    void saysSoAlsoIfTheExtensionOfSuchALeaseComesTooLate() {
        this.lease.bound().remaining = SHORT;
        this.lease.extensionFailure = new LeaseLostException(LockName.of("order"), 1, "the test says so");
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(() -> inTransaction(() -> {}))
                .withMessageContaining("runs under this lease");
    }

    @Test
    void saysNothingOfTheThreadIfTheTransactionHasAcquiredTheLease() {
        List<LockLease> given = new ArrayList<>();
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(() -> inTransaction(() -> {
                    given.add(defer(FakeLease::bound));
                    this.lease.lost = true;
                }))
                .withMessageContaining("'order'")
                .withMessageNotContaining("runs under this lease");
        given.get(0).close();
    }

    // ---- the last renewal ----

    @Test
    void extendsALeaseOfWhichLittleIsLeft() {
        this.lease.bound().remaining = SHORT;
        inTransaction(() -> defer(given -> {}).close());
        assertThat(this.lease.extensions).containsExactly(FakeLease.LEASE_TIME);
        assertThat(this.journal).containsExactly("begin", "commit", "released order");
    }

    @Test
    void commitsIfTheStoreFailsAndTheLeaseIsStillHeld() {
        this.lease.bound().remaining = SHORT;
        FakeLease reentered = new FakeLease("order", 1, this.journal).bound();
        reentered.remaining = SHORT;
        this.lease.extensionFailure = storeFailure();
        reentered.extensionFailure = storeFailure();

        inTransaction(() -> {});
        reentered.close();

        assertThat(this.journal).startsWith("begin", "commit");
        assertThat(reentered.extensions).hasSize(1);
        assertThat(this.lease.extensions).as("asked of the store a second time").isEmpty();
    }

    @Test
    void saysThatTheStoreFailedIfTheLeaseEndsMeanwhile() {
        this.lease.bound().remaining = SHORT;
        this.lease.extensionFailure = storeFailure();
        this.lease.lostByExtension = true;
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(() -> inTransaction(() -> {}))
                .satisfies(lost -> assertThat(lost).hasSuppressedException(this.lease.extensionFailure));
        assertThat(this.journal).containsExactly("begin", "rollback");
    }

    @Test
    void rollsBackIfAnotherLeaseEndsWhileOneIsExtended() {
        this.lease.bound().remaining = SHORT;
        FakeLease inner = new FakeLease("invoice", 2, this.journal).bound();
        this.lease.duringExtension = () -> inner.lost = true;

        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> inTransaction(() -> {}));

        inner.close();
        assertThat(this.journal).startsWith("begin", "rollback");
    }

    @Test
    void rollsBackIfTheExtensionComesTooLate() {
        this.lease.bound().remaining = SHORT;
        this.lease.extensionFailure = new LeaseLostException(LockName.of("order"), 1, "the test says so");
        assertLost(() -> inTransaction(() -> {}));
        assertThat(this.journal).containsExactly("begin", "rollback");
    }

    @Test
    void commitsOnAThreadThatMustNotBlock() {
        this.lease.bound().remaining = SHORT;
        this.lease.extensionFailure = new IllegalStateException("must not block");
        inTransaction(() -> {});
        assertThat(this.journal).containsExactly("begin", "commit");
    }

    @Test
    void leavesALeaseToItsRenewalThatIsOverByTheClock() {
        this.lease.bound().remaining = Duration.ZERO;
        inTransaction(() -> {});
        assertThat(this.lease.extensions).isEmpty();
    }

    // ---- tools ----

    private static void bindUntilCompletion(LockLease lease) {
        LockContext.Scope scope = LockContext.bind(lease);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                scope.close();
            }
        });
    }

    private static LockStoreException storeFailure() {
        return new LockStoreException(
                LockName.of("order"), "the test says so", null, LockStoreException.Outcome.UNKNOWN);
    }

    private static void assertLost(Runnable call) {
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(call::run)
                .withMessageContaining("'order'");
    }

    private LockLease defer(Consumer<FakeLease> binding) {
        LockRequest request =
                new LockRequest(LockName.of("order"), LockDurations.FOREVER, FakeLease.LEASE_TIME, true, false, null);
        UnaryOperator<LockLease> release = this.strategy.beforeAcquire(request);
        binding.accept(this.lease);
        return release.apply(this.lease);
    }

    private void inTransaction(Runnable body) {
        in(TransactionDefinition.PROPAGATION_REQUIRED, body);
    }

    private void in(int propagation, Runnable body) {
        TransactionTemplate template = new TransactionTemplate(this.transactions);
        template.setPropagationBehavior(propagation);
        template.executeWithoutResult(status -> body.run());
    }
}
