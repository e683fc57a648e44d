package io.github.lockspring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.github.lockspring.InTransaction;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockDurations;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LogCapture;
import io.github.lockspring.OnLost;
import io.github.lockspring.ReleaseResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class TransactionalReleaseStrategyTests {

    private final List<String> journal = new ArrayList<>();

    private final RecordingTransactions transactions = new RecordingTransactions(this.journal);

    private final TransactionalReleaseStrategy strategy = new TransactionalReleaseStrategy();

    private final LogCapture log = LogCapture.info(TransactionalReleaseStrategy.class);

    private long lastToken;

    @AfterEach
    void nothingIsLeft() {
        this.log.close();
        assertThat(LockContext.current()).isEmpty();
        assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
    }

    // ---- where there is no transaction ----

    @Test
    void leavesTheLeaseAloneOutsideOfATransaction() {
        assertThat(acquire("order")).isInstanceOf(FakeLease.class).satisfies(LockLease::close);
        assertThat(this.journal).containsExactly("released order");
        assertThat(this.log.said()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                TransactionDefinition.PROPAGATION_SUPPORTS,
                TransactionDefinition.PROPAGATION_NOT_SUPPORTED,
                TransactionDefinition.PROPAGATION_NEVER
            })
    void leavesTheLeaseAloneWhereSynchronizationsAreActiveWithoutATransaction(int propagation) {
        in(propagation, () -> {
            assertThat(TransactionSynchronizationManager.isSynchronizationActive())
                    .isTrue();
            acquire("order").close();
            this.journal.add("body over");
        });
        assertThat(this.journal).containsExactly("released order", "body over");
    }

    @Test
    void leavesTheLeaseAloneWhileTheTransactionIsSuspended() {
        inTransaction(() -> in(
                TransactionDefinition.PROPAGATION_NOT_SUPPORTED,
                () -> acquire("order").close()));
        assertThat(this.journal).containsExactly("begin", "released order", "commit");
    }

    // ---- defer ----

    @Test
    void releasesAfterTheCommit() {
        inTransaction(() -> acquire("order").close());
        assertThat(this.journal).containsExactly("begin", "commit", "released order");
    }

    @Test
    void releasesAfterTheRollback() {
        assertThatIllegalStateException()
                .isThrownBy(() -> inTransaction(() -> {
                    acquire("order").close();
                    throw new IllegalStateException("of the application");
                }));
        assertThat(this.journal).containsExactly("begin", "rollback", "released order");
    }

    @Test
    void leaseStaysHeldAndInTheContextUntilThen() {
        List<LockLease> given = new ArrayList<>();
        inTransaction(() -> {
            LockLease lease = acquire("order");
            given.add(lease);
            assertThat(LockContext.current()).containsSame(lease);

            lease.close();
            lease.close();

            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.remaining()).isEqualTo(FakeLease.LEASE_TIME);
            lease.ensureHeld();
            assertThat(LockContext.current("order")).get().matches(LockLease::isHeld);
        });
        assertThat(given.get(0).isHeld()).isFalse();
        assertThat(LockContext.current()).isEmpty();
    }

    @Test
    void releasesInReverseOrder() {
        inTransaction(() -> {
            LockLease first = acquire("first");
            acquire("second").close();
            first.close();
        });
        assertThat(this.journal).containsExactly("begin", "commit", "released second", "released first");
    }

    @Test
    void failureOfOneReleaseKeepsNoOtherFromIt() {
        inTransaction(() -> {
            acquire("first").close();
            FakeLease second = lease("second");
            second.closingFailure = new IllegalStateException("the test says so");
            given(second).close();
        });
        assertThat(this.journal).containsExactly("begin", "commit", "released second", "released first");
        assertThat(this.log.said(Level.ERROR)).singleElement().asString().contains("second", "not released");
    }

    /** Such as listeners after the commit, and caches that know of transactions. */
    @Test
    void releasesAfterSynchronizationsThatWereRegisteredLater() {
        inTransaction(() -> {
            acquire("order").close();
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    TransactionalReleaseStrategyTests.this.journal.add("listener");
                }

                @Override
                public void afterCompletion(int status) {
                    TransactionalReleaseStrategyTests.this.journal.add("later listener");
                }
            });
        });
        assertThat(this.journal).containsExactly("begin", "commit", "listener", "later listener", "released order");
    }

    @Test
    void lockOfAListenerAfterTheCommitIsReleasedToo() {
        inTransaction(() -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                acquire("order").close();
            }
        }));
        assertThat(this.journal).containsExactly("begin", "commit", "released order");
    }

    /** The transaction is over: nothing that it has read is used with the lock, and nothing of it is not committed. */
    @ParameterizedTest
    @EnumSource
    void lockOfAListenerAfterTheCommitIsNoneOfTheTransaction(InTransaction mode) {
        this.transactions.addListener(new CommitGuard());
        inTransaction(() -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                acquire("order", mode, lease("order")::bound).close();
                TransactionalReleaseStrategyTests.this.journal.add("listener over");
            }
        }));
        assertThat(this.journal).containsExactly("begin", "commit", "released order", "listener over");
        assertThat(this.log.said()).isEmpty();
    }

    @Test
    void lockOfAListenerAfterTheCompletionIsNoneOfTheTransaction() {
        inTransaction(() -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                acquire("order", InTransaction.FAIL, lease("order")::bound).close();
                TransactionalReleaseStrategyTests.this.journal.add("listener over");
            }
        }));
        assertThat(this.journal).containsExactly("begin", "commit", "released order", "listener over");
        assertThat(this.log.said()).isEmpty();
    }

    @Test
    void transactionThatAListenerBeginsAfterTheCommitHasItsOwnLocks() {
        this.transactions.addListener(new CommitGuard());
        inTransaction(() -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                in(
                        TransactionDefinition.PROPAGATION_REQUIRES_NEW,
                        () -> acquire("order").close());
            }
        }));
        assertThat(this.journal).containsExactly("begin", "commit", "begin", "commit", "released order");
        assertThat(this.log.said()).hasSize(1);
    }

    @Test
    void listenerAfterTheCommitReentersAHoldOfTheTransaction() {
        this.transactions.addListener(new CommitGuard());
        inTransaction(() -> {
            LockLease outer = acquire("order");
            outer.close();
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    reenter(outer).close();
                    assertThat(outer.isHeld()).isTrue();
                }
            });
        });
        assertThat(this.journal).startsWith("begin", "commit").endsWith("released order");
    }

    @Test
    void leaseThatItsCallerHasNotClosedOutlivesTheTransaction() {
        List<LockLease> given = new ArrayList<>();
        inTransaction(() -> given.add(acquire("order")));
        assertThat(this.journal).containsExactly("begin", "commit");
        assertThat(given.get(0).isHeld()).isTrue();

        given.get(0).close();

        assertThat(this.journal).containsExactly("begin", "commit", "released order");
    }

    // ---- re-entry ----

    @Test
    void reenteredHoldIsReleasedOnceEveryLeaseIsClosed() {
        List<LockLease> inner = new ArrayList<>();
        inTransaction(() -> {
            LockLease outer = acquire("order");
            inner.add(reenter(outer));
            assertThat(LockContext.current()).containsSame(inner.get(0));
            outer.close();
        });
        assertThat(inner.get(0).isHeld()).isTrue();

        inner.get(0).close();

        assertThat(inner.get(0).isHeld()).isFalse();
    }

    @Test
    void keepsOneLeaseOfAHoldThatIsReenteredOften() {
        inTransaction(() -> {
            LockLease first = acquire("order");
            first.close();
            for (int i = 0; i < 10_000; i++) {
                LockLease again = reenter(first);
                again.close();
                assertThat(again.isHeld()).isTrue();
            }
            assertThat(DeferredReleases.current().leases()).hasSize(1);
            assertThat(leasesOfTheThread()).hasSize(1);
        });
        assertThat(LockContext.current()).isEmpty();
    }

    @Test
    void holdsOfTwoEnginesAreToldApart() {
        inTransaction(() -> {
            given(new FakeLease("order", 7, this.journal)).close();
            new TransactionalReleaseStrategy()
                    .beforeAcquire(request("order", InTransaction.DEFER, null))
                    .apply(new FakeLease("order", 7, this.journal).bound())
                    .close();
        });
        assertThat(this.journal).containsExactly("begin", "commit", "released order", "released order");
    }

    // ---- several transactions ----

    @Test
    void transactionOfItsOwnHasItsOwnLocks() {
        inTransaction(() -> {
            acquire("outer").close();
            in(
                    TransactionDefinition.PROPAGATION_REQUIRES_NEW,
                    () -> acquire("inner").close());
            acquire("outer, later").close();
        });
        assertThat(this.journal)
                .containsExactly(
                        "begin",
                        "begin",
                        "commit",
                        "released inner",
                        "commit",
                        "released outer, later",
                        "released outer");
    }

    @Test
    void holdOfTheOuterTransactionOutlivesTheInnerOneThatReentersIt() {
        inTransaction(() -> {
            LockLease outer = acquire("order");
            in(
                    TransactionDefinition.PROPAGATION_REQUIRES_NEW,
                    () -> reenter(outer).close());
            assertThat(outer.isHeld()).isTrue();
            outer.close();
        });
    }

    @Test
    void participatingTransactionLeavesTheReleaseToTheOuterOne() {
        inTransaction(() -> {
            in(
                    TransactionDefinition.PROPAGATION_REQUIRED,
                    () -> acquire("order").close());
            this.journal.add("outer body");
        });
        assertThat(this.journal).containsExactly("begin", "outer body", "commit", "released order");
    }

    @Test
    void secondTransactionManagerHasItsOwnLocks() {
        TransactionTemplate second = new TransactionTemplate(new RecordingTransactions(this.journal));
        inTransaction(() -> {
            second.executeWithoutResult(status -> acquire("order").close());
            this.journal.add("outer body");
        });
        assertThat(this.journal).containsExactly("begin", "begin", "commit", "released order", "outer body", "commit");
    }

    // ---- asynchronous acquisition ----

    @Test
    void asynchronousLeaseIsDeferredAndBoundToNoThread() {
        inTransaction(() -> {
            UnaryOperator<LockLease> release = this.strategy.beforeAcquire(request("order", InTransaction.DEFER, null));
            LockLease lease = CompletableFuture.supplyAsync(() -> release.apply(lease("order")))
                    .join();
            assertThat(LockContext.current()).isEmpty();
            CompletableFuture.runAsync(lease::close).join();
            assertThat(lease.isHeld()).isTrue();
        });
        assertThat(this.journal).containsExactly("begin", "commit", "released order");
    }

    @Test
    void asynchronousLeaseThatComesAfterTheTransactionIsReleasedWhenItIsClosed() {
        List<UnaryOperator<LockLease>> release = new ArrayList<>();
        inTransaction(() -> release.add(this.strategy.beforeAcquire(request("order", InTransaction.DEFER, null))));
        release.get(0).apply(lease("order")).close();
        assertThat(this.journal).containsExactly("begin", "commit", "released order");
    }

    /** The engine re-enters its own leases only. */
    @Test
    void leaseOfTheEngineIsFoundInTheOneOfTheCaller() {
        inTransaction(() -> {
            FakeLease lease = lease("order");
            LockLease given = given(lease);
            assertThat(given).isNotSameAs(lease);
            assertThat(given.unwrap()).isSameAs(lease);
            given.close();
        });
    }

    // ---- release() ----

    @Test
    void resultOfTheReleaseComesWhenTheLockIsReleased() {
        List<CompletableFuture<ReleaseResult>> results = new ArrayList<>();
        FakeLease lease = lease("order");
        inTransaction(() -> {
            LockLease given = given(lease);
            results.add(given.release().toCompletableFuture());
            given.close();
            assertThat(given.isHeld()).isTrue();
            assertThat(given.release()).isCompletedExceptionally();
        });
        assertThat(lease.closed).isTrue();
        assertThat(results.get(0)).isNotDone();

        lease.released.complete(ReleaseResult.GIVEN_BACK);

        assertThat(results.get(0)).isCompletedWithValue(ReleaseResult.GIVEN_BACK);
    }

    @Test
    void failureOfTheReleaseReachesItsCaller() {
        List<CompletableFuture<ReleaseResult>> results = new ArrayList<>();
        FakeLease lease = lease("order");
        inTransaction(() -> results.add(given(lease).release().toCompletableFuture()));
        lease.released.completeExceptionally(new IllegalStateException("the test says so"));
        assertThatThrownBy(results.get(0)::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    // ---- fail ----

    @Test
    void refusesALockInATransaction() {
        inTransaction(() -> assertThatIllegalStateException()
                .isThrownBy(() -> this.strategy.beforeAcquire(request("order", InTransaction.FAIL, null)))
                .withMessageContainingAll("'order'", "transaction", "in-transaction=fail", "@DistributedLock"));
        acquire("order", InTransaction.FAIL, lease("order")::bound).close();
    }

    @Test
    void reentersAHoldInATransactionThatMayNotAcquire() {
        FakeLease outer = lease("order").bound();
        inTransaction(() -> {
            FakeLease inner = again(outer);
            assertThat(acquire("order", InTransaction.FAIL, inner::bound)).isSameAs(inner);
            inner.close();
        });
        outer.close();
    }

    /** A lock with the same name in another store: only the fencing token shows it. */
    @Test
    void refusesALockThatTurnsOutToBeAnother() {
        FakeLease outer = lease("order").bound();
        inTransaction(() -> assertThatIllegalStateException()
                .isThrownBy(() -> acquire("order", InTransaction.FAIL, () -> lease("order")))
                .withMessageContaining("in-transaction=fail"));
        outer.close();
    }

    @Test
    void reentryByAnAsynchronousCallIsNoAcquisition() {
        FakeLease outer = lease("order");
        inTransaction(() -> this.strategy
                .beforeAcquire(request("order", InTransaction.FAIL, outer))
                .apply(again(outer)));
        assertThat(this.journal).containsExactly("begin", "commit");
    }

    // ---- release ----

    @Test
    void releasesAtOnceIfThatIsWanted() {
        inTransaction(() ->
                acquire("order", InTransaction.RELEASE, lease("order")::bound).close());
        assertThat(this.journal).containsExactly("begin", "released order", "commit");
        assertThat(this.log.said())
                .singleElement()
                .asString()
                .contains("'order'", "possibly before the commit", "in-transaction=release");
    }

    // ---- the warning ----

    @Test
    void warnsOnceForEachName() {
        inTransaction(() -> {
            acquire("order").close();
            acquire("order").close();
            acquire("invoice").close();
        });
        assertThat(this.log.said())
                .hasSize(2)
                .first()
                .asString()
                .contains("'order'", "older than the lock", "REPEATABLE READ", "in-transaction=defer", "FOR UPDATE");
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFER", "RELEASE"})
    void doesNotWarnOfTheReentryOfAHoldFromBeforeTheTransaction(InTransaction mode) {
        FakeLease outer = lease("order").bound();
        inTransaction(() -> acquire("order", mode, again(outer)::bound).close());
        outer.close();
        assertThat(this.log.said()).isEmpty();
    }

    // ---- tools ----

    private LockLease acquire(String name) {
        return given(lease(name));
    }

    /** As a template does: the lease is not there before. */
    private LockLease acquire(String name, InTransaction mode, Supplier<FakeLease> lease) {
        return this.strategy.beforeAcquire(request(name, mode, null)).apply(lease.get());
    }

    private LockLease given(FakeLease lease) {
        return acquire(lease.fullName(), InTransaction.DEFER, lease::bound);
    }

    private LockLease reenter(LockLease outer) {
        return given(again(outer));
    }

    /** A further lease of the same hold. */
    private FakeLease again(LockLease outer) {
        return new FakeLease(outer.fullName(), outer.fencingToken(), this.journal);
    }

    private FakeLease lease(String name) {
        this.lastToken++;
        return new FakeLease(name, this.lastToken, this.journal);
    }

    private static List<LockLease> leasesOfTheThread() {
        List<LockLease> leases = new ArrayList<>();
        LockContext.find(lease -> {
            leases.add(lease);
            return false;
        });
        return leases;
    }

    private static LockRequest request(String name, InTransaction mode, LockLease within) {
        return new LockRequest(
                LockName.of(name),
                Duration.ZERO,
                FakeLease.LEASE_TIME,
                true,
                Duration.ZERO,
                LockDurations.FOREVER,
                false,
                true,
                OnLost.THROW,
                mode,
                within);
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
