package io.github.lockspring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.transaction.UnexpectedRollbackException;

/** A transaction under a lost lease is not committed, and its caller is told why. */
@Tag("outer-lines")
class LostLeaseInTransactionTests {

    private static final LockOptions BRIEF =
            Bank.ACCOUNT.leaseTime(Duration.ofSeconds(1)).renew(false);

    @ParameterizedTest
    @EnumSource
    void transactionOfALockedMethodRollsBack(AdviceKind kind) {
        run(kind, bank -> {
            LeaseLostException lost = assertLost(() -> bank.call("brieflyLockedTransaction", () -> {
                bank.ledger().add("undone");
                Bank.awaitLoss();
            }));
            assertThat(lost).hasNoCause().hasNoSuppressedExceptions();
            assertThat(bank.ledger().committed()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void outerTransactionRollsBack(AdviceKind kind) {
        run(kind, bank -> {
            assertLost(() -> bank.call("transaction", () -> {
                bank.call("lockedBriefly", () -> bank.ledger().add("undone"));
                Bank.awaitLoss();
            }));
            assertThat(bank.ledger().committed()).isEmpty();
            assertThat(LockContext.current()).isEmpty();
        });
    }

    /** A lock that is lost while the method runs: the exception of its call does not keep the transaction from that. */
    @ParameterizedTest
    @EnumSource
    void outerTransactionThatCarriesOnRollsBack(AdviceKind kind) {
        run(kind, bank -> {
            assertLost(() -> bank.call("transaction", () -> {
                bank.ledger().add("undone");
                assertLost(() -> bank.call("lockedBriefly", Bank::awaitLoss));
            }));
            assertThat(bank.ledger().committed()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void transactionTemplateRollsBackUnderALockByHand(AdviceKind kind) {
        run(kind, bank -> {
            assertLost(() -> bank.locks()
                    .run(
                            BRIEF,
                            () -> bank.transactionTemplate().executeWithoutResult(status -> {
                                bank.ledger().add("undone");
                                Bank.awaitLoss();
                            })));
            assertThat(bank.ledger().committed()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void transactionRollsBackUnderALostAsynchronousHold(AdviceKind kind) {
        run(kind, bank -> {
            assertLost(() -> bank.call("transaction", () -> {
                bank.ledger().add("undone");
                LockLease lease =
                        bank.locks().acquireAsync(BRIEF).toCompletableFuture().join();
                lease.close();
                Awaitility.await().until(lease::isLost);
            }));
            assertThat(bank.ledger().committed()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void readOnlyTransactionRollsBack(AdviceKind kind) {
        run(
                kind,
                bank -> assertLost(() -> bank.call("readOnlyTransaction", () -> {
                    bank.call("lockedBriefly", () -> {});
                    Bank.awaitLoss();
                })));
    }

    @ParameterizedTest
    @EnumSource
    void transactionOfItsOwnRollsBackAndTheOuterOneMayGoOnWithoutTheLock(AdviceKind kind) {
        run(kind, bank -> {
            bank.call("transaction", () -> {
                bank.ledger().add("kept");
                assertLost(() -> bank.call("newTransaction", () -> {
                    bank.call("lockedBriefly", () -> bank.ledger().add("undone"));
                    Bank.awaitLoss();
                }));
            });
            assertThat(bank.ledger().committed()).containsExactly("kept");
        });
    }

    @ParameterizedTest
    @EnumSource
    void transactionOfAnyManagerRollsBack(AdviceKind kind) {
        run(kind, bank -> {
            assertLost(() -> bank.call(
                    "lockedBriefly",
                    () -> bank.call("transaction", () -> {
                        bank.ledger().add("undone");
                        bank.call("otherTransaction", () -> bank.otherLedger().add("kept"));
                        assertLost(() -> bank.call("otherTransaction", () -> {
                            bank.otherLedger().add("undone");
                            Bank.awaitLoss();
                        }));
                    })));
            assertThat(bank.ledger().committed()).isEmpty();
            assertThat(bank.otherLedger().committed()).containsExactly("kept");
        });
    }

    /** The lock is released before the outer transaction ends, which then does not know of it. */
    @ParameterizedTest
    @EnumSource
    void nestedTransactionHasTheOuterOneRollBack(AdviceKind kind) {
        runner(kind)
                .withPropertyValues("distributed-lock.in-transaction=release")
                .run(context -> {
                    Bank bank = new Bank(kind, context);
                    assertThatExceptionOfType(UnexpectedRollbackException.class)
                            .isThrownBy(() -> bank.call("transaction", () -> {
                                bank.ledger().add("undone");
                                assertLost(() -> bank.call(
                                        "lockedBriefly",
                                        () -> bank.call("nestedTransaction", () -> {
                                            bank.ledger().add("undone, too");
                                            Bank.awaitLoss();
                                        })));
                            }));
                    assertThat(bank.ledger().committed()).isEmpty();
                });
    }

    @ParameterizedTest
    @EnumSource
    void shutDownLosesDeferredHoldsAndRollsBack(AdviceKind kind) {
        runner(kind).run(context -> {
            Bank bank = new Bank(kind, context);
            assertLost(() -> bank.call("transaction", () -> {
                bank.call("locked", () -> bank.ledger().add("undone"));
                context.getBean(LockEngine.class).close();
                assertThat(LockContext.required().isHeld()).isFalse();
            }));
            assertThat(bank.ledger().committed()).isEmpty();
        });
    }

    // ---- what else happens ----

    @ParameterizedTest
    @EnumSource
    void exceptionOfTheApplicationWins(AdviceKind kind) {
        run(kind, bank -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> bank.call("brieflyLockedTransaction", () -> {
                        Bank.awaitLoss();
                        throw new IllegalStateException("of the application");
                    }))
                    .withMessage("of the application")
                    .satisfies(failure ->
                            assertThat(failure.getSuppressed()).singleElement().isInstanceOf(LeaseLostException.class));
        });
    }

    /** Only methods without a transaction end as if nothing had happened. */
    @ParameterizedTest
    @EnumSource
    void transactionRollsBackAlsoIfALossIsOnlyLogged(AdviceKind kind) {
        runner(kind).withPropertyValues("distributed-lock.on-lost=log").run(context -> {
            Bank bank = new Bank(kind, context);
            bank.call("lockedBriefly", Bank::awaitLoss);
            assertLost(() -> bank.call("brieflyLockedTransaction", () -> {
                bank.ledger().add("undone");
                Bank.awaitLoss();
            }));
            assertLost(() -> bank.call("transaction", () -> {
                bank.ledger().add("undone");
                bank.call("lockedBriefly", Bank::awaitLoss);
            }));
            assertThat(bank.ledger().committed()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void interruptReachesTheBodyAndNothingAfterIt(AdviceKind kind) {
        runner(kind)
                .withPropertyValues("distributed-lock.locks.account.on-lost=interrupt")
                .run(context -> {
                    Bank bank = new Bank(kind, context);
                    List<String> seen = new ArrayList<>();
                    assertLost(() -> bank.call("brieflyLockedTransaction", () -> {
                        bank.ledger().add("undone");
                        seen.add(sleepUntilInterrupted());
                    }));
                    assertThat(seen).containsExactly("interrupted");
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    assertThat(bank.ledger().committed()).isEmpty();
                });
    }

    /** The hold is deferred, but its body is over. */
    @ParameterizedTest
    @EnumSource
    void interruptDoesNotReachATransactionThatHasLeftTheBody(AdviceKind kind) {
        runner(kind)
                .withPropertyValues("distributed-lock.locks.account.on-lost=interrupt")
                .run(context -> {
                    Bank bank = new Bank(kind, context);
                    assertLost(() -> bank.call("transaction", () -> {
                        CountDownLatch told = new CountDownLatch(1);
                        bank.call("lockedBriefly", () -> {
                            bank.ledger().add("undone");
                            // listeners run in the order in which they were registered
                            LockContext.required().onLost(told::countDown);
                        });
                        assertThat(await(told)).isTrue();
                        assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    }));
                    assertThat(bank.ledger().committed()).isEmpty();
                });
    }

    private static void run(AdviceKind kind, Consumer<Bank> test) {
        runner(kind).run(context -> test.accept(new Bank(kind, context)));
    }

    /** The store keeps a lease for a little longer than its holder trusts in it. */
    private static ApplicationContextRunner runner(AdviceKind kind) {
        return TransactionContexts.runner(kind).withPropertyValues("distributed-lock.wait-time=1m");
    }

    private static LeaseLostException assertLost(ThrowingCallable call) {
        LeaseLostException lost = catchThrowableOfType(LeaseLostException.class, call);
        assertThat(lost).as("the loss of the lease").isNotNull();
        assertThat(lost.getFullName()).isEqualTo("account:1");
        return lost;
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException ex) {
            throw new AssertionError("Interrupted", ex);
        }
    }

    private static String sleepUntilInterrupted() {
        try {
            return new CountDownLatch(1).await(1, TimeUnit.MINUTES) ? "?" : "not interrupted";
        } catch (InterruptedException ex) {
            return "interrupted";
        }
    }
}
