package io.github.lockspring.transaction;

import static io.github.lockspring.transaction.ReactiveBank.ACCOUNT;
import static io.github.lockspring.transaction.ReactiveBank.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.autoconfigure.LockContextRunners;
import io.github.lockspring.reactive.ReactiveLockContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Locks that are acquired inside of a reactive transaction: who has them, however it ends. */
@ExtendWith(OutputCaptureExtension.class)
class LockInReactiveTransactionTests {

    private static final LockOptions OTHER = LockOptions.named("other");

    private static final LockOptions PATIENT = ACCOUNT.waitTime(PATIENCE);

    @Test
    void isHeldUntilTheCommit() {
        ReactiveBank.run(LockInReactiveTransactionTests::assertHeldUntilTheCommit);
    }

    @Test
    void isHeldUntilTheCommitOverRedis() {
        ReactiveBank.run(LockContextRunners.sharedRedis(), LockInReactiveTransactionTests::assertHeldUntilTheCommit);
    }

    private static void assertHeldUntilTheCommit(ReactiveBank bank) {
        Completion completion = new Completion(bank);
        Mono<String> transfer = bank.accounts()
                .locked("1", bank.add("done").then(completion.observe()))
                .then(Mono.fromSupplier(() -> bank.isFree(ACCOUNT) ? "free" : "held"));
        assertThat(bank.transaction().transactional(transfer).block(PATIENCE)).isEqualTo("held");
        bank.awaitFree(ACCOUNT);
        assertThat(completion.seen).containsExactly("before commit, held", "after commit, held", "completed 0, held");
        assertThat(bank.committed()).containsExactly("done");
    }

    @Test
    void isHeldUntilTheRollback() {
        ReactiveBank.run(bank -> {
            Completion completion = new Completion(bank);
            IllegalStateException failure = new IllegalStateException("of the application");
            Mono<Void> transfer = bank.locks()
                    .withLock(ACCOUNT, bank.add("undone").then(completion.observe()))
                    .then(Mono.error(failure));
            assertThatIllegalStateException()
                    .isThrownBy(() -> bank.transaction().transactional(transfer).block(PATIENCE))
                    .isSameAs(failure);
            assertThat(bank.isFree(ACCOUNT)).isTrue();
            assertThat(completion.seen).containsExactly("completed 1, held");
            assertThat(bank.committed()).isEmpty();
        });
    }

    @Test
    void isReleasedByTheRollbackOfACancellation() {
        ReactiveBank.run(bank -> {
            Completion completion = new Completion(bank);
            CompletableFuture<Boolean> worked = new CompletableFuture<>();
            Disposable running = bank.transaction()
                    .transactional(bank.locks()
                            .withLock(ACCOUNT, bank.add("undone").then(completion.observe()))
                            .doOnTerminate(() -> worked.complete(true))
                            .then(Mono.never()))
                    .subscribe();
            assertThat(worked).succeedsWithin(PATIENCE);
            assertThat(bank.isFree(ACCOUNT)).isFalse();
            running.dispose();
            bank.awaitFree(ACCOUNT);
            assertThat(completion.seen).containsExactly("completed 1, held");
            assertThat(bank.committed()).isEmpty();
        });
    }

    @Test
    void isReleasedByTheRollbackOfATimeoutWhileItsWorkRuns() {
        ReactiveBank.run(bank -> {
            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() -> bank.transaction()
                            .transactional(bank.locks()
                                    .withLock(ACCOUNT, bank.add("undone").then(Mono.never())))
                            .timeout(Duration.ofMillis(500))
                            .block(PATIENCE))
                    .withCauseInstanceOf(TimeoutException.class);
            bank.awaitFree(ACCOUNT);
            assertThat(bank.committed()).isEmpty();
        });
    }

    @Test
    void ofAFluxIsHeldUntilTheCommit() {
        ReactiveBank.run(bank -> {
            Completion completion = new Completion(bank);
            Flux<String> entries = bank.locks()
                    .withLockMany(
                            ACCOUNT,
                            Flux.just("a", "b")
                                    .concatMap(entry -> bank.add(entry).thenReturn(entry)))
                    .concatWith(completion.observe().then(Mono.empty()));
            assertThat(bank.transaction().transactional(entries).collectList().block(PATIENCE))
                    .containsExactly("a", "b");
            assertThat(bank.isFree(ACCOUNT)).isTrue();
            assertThat(completion.seen)
                    .containsExactly("before commit, held", "after commit, held", "completed 0, held");
            assertThat(bank.committed()).containsExactly("a", "b");
        });
    }

    @Test
    void isEnteredAgainByWhatComesLaterInTheTransaction() {
        ReactiveBank.run(bank -> {
            Mono<Long> token = bank.locks().usingLock(ACCOUNT, lease -> Mono.just(lease.fencingToken()));
            Mono<Long> again =
                    bank.locks().usingLock(ACCOUNT.reentrant(false), lease -> Mono.just(lease.fencingToken()));
            Mono<Long> annotated =
                    bank.accounts().locked("1", ReactiveLockContext.current().map(LockLease::fencingToken));
            List<Long> tokens = bank.transaction()
                    .transactional(Flux.concat(token, again, token))
                    .collectList()
                    .block(PATIENCE);
            assertThat(tokens).hasSize(3).containsOnly(tokens.get(0));
            assertThat(bank.isFree(ACCOUNT)).isTrue();

            tokens = bank.transaction()
                    .transactional(Flux.concat(annotated, annotated))
                    .collectList()
                    .block(PATIENCE);
            assertThat(tokens).hasSize(2).containsOnly(tokens.get(0));
            assertThat(bank.isFree(ACCOUNT)).isTrue();
        });
    }

    @Test
    void isNotEnteredAgainInsideOfItselfIfThatIsNotWanted() {
        ReactiveBank.run(bank -> {
            Mono<String> inner = bank.locks().withLock(ACCOUNT.reentrant(false), Mono.just("never"));
            assertThatExceptionOfType(LockNotAcquiredException.class)
                    .isThrownBy(() -> bank.transaction()
                            .transactional(bank.locks().withLock(ACCOUNT, inner))
                            .block(PATIENCE))
                    .withMessageContaining("reentrant");
            assertThat(bank.isFree(ACCOUNT)).isTrue();
        });
    }

    /** The transaction keeps the lock, so that the one that waits could not get it from the store. */
    @Test
    void isForOneAfterTheOtherOfThePipelinesOfATransaction() {
        ReactiveBank.run(bank -> {
            AtomicInteger inside = new AtomicInteger();
            Mono<Integer> work = bank.locks().withLock(PATIENT, Mono.defer(() -> visit(inside)));
            Mono<Integer> cancelled = work.timeout(Duration.ofNanos(1), Mono.just(1));
            List<Integer> counts = bank.transaction()
                    .transactional(Flux.range(0, 100).flatMap(i -> i % 10 == 0 ? cancelled : work))
                    .collectList()
                    .block(PATIENCE);
            assertThat(counts).hasSize(100).containsOnly(1);
            assertThat(bank.isFree(ACCOUNT)).isTrue();
        });
    }

    /** One that is cancelled may not have begun, or be over already. */
    private static Mono<Integer> visit(AtomicInteger inside) {
        AtomicBoolean begun = new AtomicBoolean();
        Runnable leave = () -> {
            if (begun.compareAndSet(true, false)) {
                inside.decrementAndGet();
            }
        };
        return Mono.fromSupplier(() -> {
                    begun.set(true);
                    return inside.incrementAndGet();
                })
                .delayElement(Duration.ofMillis(1))
                .doOnNext(count -> leave.run())
                .doOnCancel(leave);
    }

    @Test
    void waitsForTheOtherPipelineOfATransactionNoLongerThanItsWaitTime() {
        ReactiveBank.run(bank -> {
            Mono<String> never = bank.locks().withLock(ACCOUNT, Mono.never());
            Mono<String> brief = bank.locks().withLock(ACCOUNT.waitTime(Duration.ofMillis(50)), Mono.just("never"));
            assertThatExceptionOfType(LockNotAcquiredException.class)
                    .isThrownBy(() -> bank.transaction()
                            .transactional(Mono.zip(never, brief))
                            .block(PATIENCE));
            bank.awaitFree(ACCOUNT);
        });
    }

    @Test
    void aTransactionOfItsOwnReleasesItsLocksAndReentersThoseOfTheOuterOne() {
        ReactiveBank.run(bank -> {
            Mono<Long> inner = bank.transaction(Propagation.REQUIRES_NEW)
                    .transactional(bank.locks()
                            .withLock(OTHER, bank.add("inner"))
                            .then(bank.locks().withLock(ACCOUNT, bank.add("inner too"))));
            Mono<String> outer = bank.locks()
                    .withLock(ACCOUNT, bank.add("outer"))
                    .then(inner)
                    .then(Mono.fromSupplier(() -> bank.isFree(OTHER) + ", " + bank.isFree(ACCOUNT)))
                    .flatMap(seen -> Mono.error(new IllegalStateException(seen)));
            assertThatIllegalStateException()
                    .isThrownBy(() -> bank.transaction().transactional(outer).block(PATIENCE))
                    .withMessage("true, false");
            assertThat(bank.isFree(ACCOUNT)).isTrue();
            assertThat(bank.committed()).containsExactly("inner", "inner too");
        });
    }

    @Test
    void isReleasedAfterItsWorkWhereThereIsNoActualTransaction() {
        ReactiveBank.run(bank -> {
            Mono<String> work = bank.locks()
                    .withLock(OTHER, Mono.empty())
                    .then(bank.locks().withLock(ACCOUNT, Mono.empty()))
                    .then(Mono.fromSupplier(() -> bank.isFree(OTHER) + ", " + bank.isFree(ACCOUNT)));
            assertThat(bank.transaction(Propagation.SUPPORTS)
                            .transactional(work)
                            .block(PATIENCE))
                    .isEqualTo("true, true");

            Mono<String> suspended = bank.locks()
                    .withLock(ACCOUNT, Mono.empty())
                    .then(bank.transaction(Propagation.NOT_SUPPORTED).transactional(work));
            assertThat(bank.transaction().transactional(suspended).block(PATIENCE))
                    .isEqualTo("true, false");
            assertThat(bank.isFree(ACCOUNT)).isTrue();
        });
    }

    @Test
    void aLockAroundTheTransactionIsReleasedAfterItAndReenteredInside(CapturedOutput output) {
        ReactiveBank.run(bank -> {
            Completion completion = new Completion(bank);
            assertThat(bank.accounts()
                            .lockedTransaction(
                                    "1",
                                    bank.locks()
                                            .withLock(ACCOUNT, bank.add("done"))
                                            .then(completion.observe()))
                            .blockOptional(PATIENCE))
                    .isEmpty();
            assertThat(bank.isFree(ACCOUNT)).isTrue();
            assertThat(completion.seen)
                    .containsExactly("before commit, held", "after commit, held", "completed 0, held");
            assertThat(output).doesNotContain("inside of a transaction");
        });
    }

    @Test
    void aWarningIsLoggedOncePerLockName(CapturedOutput output) {
        ReactiveBank.run(bank -> {
            for (int i = 0; i < 2; i++) {
                bank.transaction()
                        .transactional(bank.locks().withLock(ACCOUNT.key(i), Mono.just(i)))
                        .block(PATIENCE);
            }
            assertThat(output).containsOnlyOnce("was acquired inside of a transaction");
            assertThat(output)
                    .contains("in-transaction=defer", "call ReactiveLockOperations before TransactionalOperator");
        });
    }

    @Test
    void canBeRefused() {
        ReactiveBank.run(
                TransactionContexts.withoutTransactions(AdviceKind.CLASS)
                        .withPropertyValues("distributed-lock.in-transaction=fail"),
                bank -> {
                    Mono<Long> work = bank.locks().withLock(ACCOUNT, bank.add("under a lock"));
                    assertThatIllegalStateException()
                            .isThrownBy(
                                    () -> bank.transaction().transactional(work).block(PATIENCE))
                            .withMessageContaining("Lock 'account:1' is requested inside of a transaction");
                    assertThat(bank.accounts().lockedTransaction("1", work).block(PATIENCE))
                            .isEqualTo(1);
                    assertThat(bank.committed()).containsExactly("under a lock");
                });
    }

    @Test
    void canBeReleasedBeforeTheCommit(CapturedOutput output) {
        ReactiveBank.run(
                TransactionContexts.withoutTransactions(AdviceKind.CLASS)
                        .withPropertyValues("distributed-lock.locks.account.in-transaction=release"),
                bank -> {
                    Mono<Boolean> work = bank.locks()
                            .withLock(ACCOUNT, bank.add("done"))
                            .then(Mono.fromSupplier(() -> bank.isFree(ACCOUNT)));
                    assertThat(bank.transaction().transactional(work).block(PATIENCE))
                            .isTrue();
                    assertThat(output).contains("possibly before the commit");
                });
    }

    /** What the synchronizations of the application see of the lock. */
    private static final class Completion implements TransactionSynchronization {

        private final ReactiveBank bank;

        private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();

        Completion(ReactiveBank bank) {
            this.bank = bank;
        }

        <T> Mono<T> observe() {
            return TransactionSynchronizationManager.forCurrentTransaction()
                    .doOnNext(transaction -> transaction.registerSynchronization(this))
                    .then(Mono.empty());
        }

        private Mono<Void> see(String moment) {
            return Mono.fromRunnable(() -> this.seen.add(moment + (this.bank.isFree(ACCOUNT) ? ", free" : ", held")));
        }

        @Override
        public Mono<Void> beforeCommit(boolean readOnly) {
            return see("before commit");
        }

        @Override
        public Mono<Void> afterCommit() {
            return see("after commit");
        }

        @Override
        public Mono<Void> afterCompletion(int status) {
            return see("completed " + status);
        }
    }
}
