package io.github.lockspring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.autoconfigure.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** When a lock is released that is used together with a transaction. */
@ExtendWith(OutputCaptureExtension.class)
class LockInTransactionTests {

    private static final String WARNING = "was acquired inside of a transaction that began before it";

    // ---- the lock around the transaction ----

    @ParameterizedTest
    @EnumSource
    void lockOfATransactionalMethodOutlivesCommitAndRollback(AdviceKind kind, CapturedOutput output) {
        run(kind, bank -> {
            bank.call("lockedTransaction", () -> {
                bank.watchTransaction();
                bank.ledger().add("kept");
            });
            assertThatIllegalStateException()
                    .isThrownBy(() -> bank.call("lockedTransaction", () -> {
                        bank.watchTransaction();
                        bank.ledger().add("undone");
                        throw new IllegalStateException("of the application");
                    }));

            assertThat(bank.ends)
                    .containsExactly(
                            "before the end, locked",
                            "committed, locked",
                            "before the end, locked",
                            "rolled back, locked");
            assertThat(bank.isLocked()).isFalse();
            assertThat(bank.ledger().committed()).containsExactly("kept");
            assertThat(output.getOut().contains(WARNING))
                    .as("the transaction, by a proxy, is around the lock")
                    .isEqualTo(kind == AdviceKind.WOVEN);
        });
    }

    @ParameterizedTest
    @EnumSource
    void reentryInsideOfTheTransactionEndsWithTheOuterLock(AdviceKind kind, CapturedOutput output) {
        run(kind, bank -> {
            bank.call("locked", () -> {
                bank.call("transaction", () -> bank.call("locked", () -> {}));
                assertThat(bank.isLocked()).isTrue();
                assertThat(leasesOfTheThread()).hasSize(1);
            });
            assertThat(bank.isLocked()).isFalse();
            assertThat(output).doesNotContain(WARNING);
        });
    }

    // ---- the transaction around the lock ----

    @ParameterizedTest
    @EnumSource
    void lockInsideOfATransactionIsReleasedAfterItsCommit(AdviceKind kind, CapturedOutput output) {
        run(kind, bank -> {
            bank.call("transaction", () -> {
                bank.call("locked", () -> bank.ledger().add("kept"));
                assertThat(bank.isLocked()).isTrue();
                assertThat(LockContext.current(Bank.ACCOUNT)).get().matches(LockLease::isHeld);
                bank.watchTransaction();
            });

            assertThat(bank.ends).containsExactly("before the end, locked", "committed, locked");
            assertThat(bank.isLocked()).isFalse();
            assertThat(LockContext.current()).isEmpty();
            assertThat(bank.ledger().committed()).containsExactly("kept");
            assertThat(output).containsOnlyOnce(WARNING);
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockInsideOfATransactionIsReleasedAfterItsRollback(AdviceKind kind) {
        run(kind, bank -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> bank.call("transaction", () -> {
                        bank.call("locked", () -> bank.ledger().add("undone"));
                        bank.watchTransaction();
                        throw new IllegalStateException("of the application");
                    }));
            assertThat(bank.ends).containsExactly("before the end, locked", "rolled back, locked");
            assertThat(bank.isLocked()).isFalse();
            assertThat(bank.ledger().committed()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockByHandInsideOfATransactionTemplateIsReleasedAfterTheCommit(AdviceKind kind) {
        run(kind, bank -> {
            bank.transactionTemplate().executeWithoutResult(status -> {
                bank.locks().run(Bank.ACCOUNT, () -> bank.ledger().add("kept"));
                LockLease lease = bank.locks().acquire(Bank.ACCOUNT);
                lease.close();
                assertThat(lease.isHeld()).isTrue();
                bank.watchTransaction();
            });
            assertThat(bank.ends).containsExactly("before the end, locked", "committed, locked");
            assertThat(bank.isLocked()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockInsideOfTheTransactionOfItsMethodIsReleasedAfterTheCommit(AdviceKind kind, CapturedOutput output) {
        TransactionContexts.reversed(kind).run(context -> {
            Bank bank = new Bank(kind, context);
            bank.call("lockedTransaction", () -> {
                bank.watchTransaction();
                bank.ledger().add("kept");
            });
            assertThat(bank.ends).containsExactly("before the end, locked", "committed, locked");
            assertThat(bank.isLocked()).isFalse();
            assertThat(output).contains("its lock is inside its transaction", WARNING);
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockIsReenteredInTheSameTransaction(AdviceKind kind) {
        run(kind, bank -> {
            List<Long> tokens = new ArrayList<>();
            Runnable body = () -> tokens.add(LockContext.required().fencingToken());
            bank.call("transaction", () -> {
                bank.call("locked", body);
                bank.call("locked", () -> bank.call("locked", body));
                bank.locks().run(Bank.ACCOUNT, body::run);
            });
            assertThat(tokens).hasSize(3).containsOnly(tokens.get(0));
            assertThat(bank.isLocked()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void nestedLocksAreReleasedAfterTheCommit(AdviceKind kind) {
        run(kind, bank -> {
            bank.call("transaction", () -> {
                bank.call(
                        "locked",
                        "2",
                        () -> bank.call("locked", () -> bank.ledger().add("kept")));
                bank.watchTransaction();
                assertThat(bank.isLocked("2")).isTrue();
            });
            assertThat(bank.ends).containsExactly("before the end, locked", "committed, locked");
            assertThat(bank.isLocked()).isFalse();
            assertThat(bank.isLocked("2")).isFalse();
        });
    }

    // ---- propagation ----

    @ParameterizedTest
    @EnumSource
    void lockOfATransactionOfItsOwnEndsWithThat(AdviceKind kind) {
        run(
                kind,
                bank -> bank.call("transaction", () -> {
                    bank.call("locked", "2", () -> {});
                    bank.call("newTransaction", () -> {
                        bank.call("locked", () -> bank.ledger().add("kept"));
                        bank.watchTransaction();
                    });
                    assertThat(bank.ends).containsExactly("before the end, locked", "committed, locked");
                    assertThat(bank.isLocked()).isFalse();
                    assertThat(bank.isLocked("2")).isTrue();
                    assertThat(bank.ledger().committed()).containsExactly("kept");
                }));
    }

    @ParameterizedTest
    @EnumSource
    void lockOfANestedTransactionEndsWithTheOuterOne(AdviceKind kind) {
        run(kind, bank -> {
            bank.call("transaction", () -> {
                bank.call(
                        "nestedTransaction",
                        () -> bank.call("locked", () -> bank.ledger().add("kept")));
                bank.watchTransaction();
            });
            assertThat(bank.ends).containsExactly("before the end, locked", "committed, locked");
            assertThat(bank.isLocked()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockOfASecondTransactionManagerEndsWithItsTransaction(AdviceKind kind) {
        run(kind, bank -> {
            bank.call("transaction", () -> {
                bank.call("locked", "2", () -> {});
                bank.call("otherTransaction", () -> {
                    bank.call("locked", () -> bank.otherLedger().add("kept"));
                    bank.watchTransaction();
                });
                assertThat(bank.isLocked()).isFalse();
                assertThat(bank.isLocked("2")).isTrue();
            });
            assertThat(bank.ends).containsExactly("before the end, locked", "committed, locked");
            assertThat(bank.isLocked("2")).isFalse();
            assertThat(bank.otherLedger().committed()).containsExactly("kept");
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockOfAReadOnlyTransactionEndsWithIt(AdviceKind kind) {
        run(kind, bank -> {
            bank.call("readOnlyTransaction", () -> {
                bank.call("locked", () -> {});
                bank.watchTransaction();
            });
            assertThat(bank.ends).containsExactly("before the end, locked", "committed, locked");
            assertThat(bank.isLocked()).isFalse();
        });
    }

    // ---- asynchronous calls ----

    @ParameterizedTest
    @EnumSource
    void asynchronousHoldOfATransactionIsReleasedAfterTheCommit(AdviceKind kind) {
        run(kind, bank -> {
            bank.call("transaction", () -> {
                LockLease lease = bank.locks()
                        .acquireAsync(Bank.ACCOUNT)
                        .toCompletableFuture()
                        .join();
                assertThat(LockContext.current()).isEmpty();
                LockLease inner = bank.locks()
                        .acquireAsync(Bank.ACCOUNT.within(lease))
                        .toCompletableFuture()
                        .join();
                assertThat(inner.fencingToken()).isEqualTo(lease.fencingToken());
                inner.close();
                lease.close();
                bank.watchTransaction();
            });
            assertThat(bank.ends).containsExactly("before the end, locked", "committed, locked");
            Awaitility.await().until(() -> !bank.isLocked());
        });
    }

    @ParameterizedTest
    @EnumSource
    void leaseThatIsBoundToAnotherThreadIsReenteredThere(AdviceKind kind) {
        run(
                kind,
                bank -> bank.call("transaction", () -> {
                    LockLease lease = bank.locks()
                            .acquireAsync(Bank.ACCOUNT)
                            .toCompletableFuture()
                            .join();
                    try (LockContext.Scope scope = LockContext.bind(lease)) {
                        assertThat(scope).isNotNull();
                        bank.call(
                                "locked",
                                () -> assertThat(LockContext.required().fencingToken())
                                        .isEqualTo(lease.fencingToken()));
                    }
                    lease.close();
                }));
    }

    // ---- other settings ----

    @ParameterizedTest
    @EnumSource
    void lockIsRefusedIfThatIsWanted(AdviceKind kind) {
        TransactionContexts.runner(kind)
                .withPropertyValues("distributed-lock.in-transaction=fail")
                .run(context -> {
                    Bank bank = new Bank(kind, context);
                    bank.call("transaction", () -> {
                        assertThatIllegalStateException()
                                .isThrownBy(() ->
                                        bank.call("locked", () -> bank.ledger().add("never")))
                                .withMessageContainingAll("'account:1'", "InTransaction.run", "in-transaction=fail");
                        assertThatIllegalStateException()
                                .isThrownBy(() -> bank.locks().tryAcquire(Bank.ACCOUNT, Duration.ZERO));
                    });
                    bank.call(
                            "locked",
                            () -> bank.call(
                                    "transaction",
                                    () -> bank.call(
                                            "locked", () -> bank.ledger().add("kept"))));

                    assertThat(bank.ledger().committed()).containsExactly("kept");
                    assertThat(bank.isLocked()).isFalse();
                });
    }

    @ParameterizedTest
    @EnumSource
    void lockIsReleasedBeforeTheCommitIfThatIsWanted(AdviceKind kind, CapturedOutput output) {
        TransactionContexts.runner(kind)
                .withPropertyValues("distributed-lock.in-transaction=release")
                .run(context -> {
                    Bank bank = new Bank(kind, context);
                    bank.call("transaction", () -> {
                        bank.call("locked", () -> {});
                        bank.watchTransaction();
                    });
                    assertThat(bank.ends).containsExactly("before the end, free", "committed, free");
                    assertThat(output).containsOnlyOnce(WARNING).contains("possibly before the commit");
                });
    }

    @ParameterizedTest
    @EnumSource
    void nameHasItsOwnSetting(AdviceKind kind) {
        TransactionContexts.runner(kind)
                .withPropertyValues(
                        "distributed-lock.in-transaction=fail",
                        "distributed-lock.locks.account.in-transaction=defer",
                        "distributed-lock.locks.other.in-transaction=release")
                .run(context -> {
                    Bank bank = new Bank(kind, context);
                    bank.call("transaction", () -> {
                        bank.call("locked", () -> {});
                        bank.locks().run("other", () -> {});
                        assertThat(bank.isLocked()).isTrue();
                        assertThat(bank.locks().holder("other")).isEmpty();
                        assertThatIllegalStateException()
                                .isThrownBy(() -> bank.locks().run("third", () -> {}));
                    });
                    assertThat(bank.isLocked()).isFalse();
                });
    }

    @ParameterizedTest
    @EnumSource(names = "WOVEN", mode = EnumSource.Mode.EXCLUDE)
    void lockingThatIsSwitchedOffKnowsNoTransactions(AdviceKind kind, CapturedOutput output) {
        TransactionContexts.runner(kind)
                .withPropertyValues("distributed-lock.enabled=false", "distributed-lock.in-transaction=fail")
                .run(context -> {
                    Bank bank = new Bank(kind, context);
                    bank.transactionTemplate().executeWithoutResult(status -> {
                        context.getBean("locked", Work.class)
                                .run("1", () -> bank.ledger().add("kept"));
                        bank.locks().run(Bank.ACCOUNT, () -> {});
                        assertThat(LockContext.current()).isEmpty();
                    });
                    assertThat(bank.ledger().committed()).containsExactly("kept");
                    assertThat(output).doesNotContain(WARNING);
                });
    }

    @ParameterizedTest
    @EnumSource
    void lockAfterTheCommitIsOutsideOfTheTransaction(AdviceKind kind, CapturedOutput output) {
        TransactionContexts.runner(kind)
                .withPropertyValues("distributed-lock.in-transaction=fail")
                .run(context -> {
                    Bank bank = new Bank(kind, context);
                    bank.call(
                            "transaction",
                            () -> TransactionSynchronizationManager.registerSynchronization(
                                    new TransactionSynchronization() {
                                        @Override
                                        public void afterCommit() {
                                            bank.call("locked", () -> bank.ends.add("locked"));
                                            bank.ends.add(bank.isLocked() ? "still locked" : "released");
                                        }
                                    }));
                    assertThat(bank.ends).containsExactly("locked", "released");
                    assertThat(output).doesNotContain(WARNING);
                });
    }

    @ParameterizedTest
    @EnumSource
    void workAfterAnInnerLockedCallStillSeesItsOwnLease(AdviceKind kind) {
        run(
                kind,
                bank -> bank.call("lockedTransaction", "order", () -> {
                    LockLease own = LockContext.required();
                    bank.call(
                            "locked",
                            "stock",
                            () -> assertThat(LockContext.required().fullName()).endsWith("stock"));

                    assertThat(LockContext.required()).isSameAs(own);
                    LockContext.current("account", "stock").orElseThrow().close();
                    assertThat(bank.isLocked("stock")).isTrue();
                    LockContext.ensureHeld();
                }));
    }

    @ParameterizedTest
    @EnumSource
    void twoLocksOfATransactionAreNestedToTheThread(AdviceKind kind) {
        run(
                kind,
                bank -> bank.call("transaction", () -> {
                    bank.call("locked", "1", () -> {});
                    bank.call("locked", "2", () -> bank.call("locked", "1", () -> {}));
                    assertThat(LockContext.required().key()).isEqualTo("2");
                    assertThat(leasesOfTheThread()).extracting(LockLease::key).containsExactly("2", "1");
                }));
    }

    @ParameterizedTest
    @EnumSource
    void secondCallInOneTransactionIsNotInsideOfTheFirst(AdviceKind kind) {
        LockOptions once = LockOptions.named("account").key("1").reentrant(false);
        run(
                kind,
                bank -> bank.call("transaction", () -> {
                    assertThat(bank.locks().tryRun(once, () -> {})).isTrue();
                    assertThat(bank.locks()
                                    .tryRun(
                                            once,
                                            () -> assertThat(bank.locks().tryAcquire(once))
                                                    .isEmpty()))
                            .isTrue();
                }));
    }

    @ParameterizedTest
    @EnumSource
    void annotatedMethodsAndOperationsWarnTogether(AdviceKind kind, CapturedOutput output) {
        run(kind, bank -> {
            bank.call("transaction", () -> bank.call("locked", () -> {}));
            bank.call(
                    "transaction",
                    () -> bank.locks().run(LockOptions.named("account").key("2"), () -> {}));
            assertThat(output).containsOnlyOnce(WARNING);
        });
    }

    private static void run(AdviceKind kind, Consumer<Bank> test) {
        ApplicationContextRunner runner = TransactionContexts.runner(kind);
        runner.run(context -> test.accept(new Bank(kind, context)));
    }

    private static List<LockLease> leasesOfTheThread() {
        List<LockLease> leases = new ArrayList<>();
        LockContext.find(lease -> {
            leases.add(lease);
            return false;
        });
        return leases;
    }
}
