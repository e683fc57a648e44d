package io.github.lockspring.transaction;

import static io.github.lockspring.transaction.ReactiveBank.ACCOUNT;
import static io.github.lockspring.transaction.ReactiveBank.BRIEF;
import static io.github.lockspring.transaction.ReactiveBank.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.reactive.ReactiveLockContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** A reactive transaction under a lost lease is not committed, and its caller is told why. */
@Tag("outer-lines")
class LostLeaseInReactiveTransactionTests {

    /** Nothing is cancelled, as in a process that was paused: the guard alone prevents the commit. */
    private static ApplicationContextRunner withoutCancellation() {
        return TransactionContexts.withoutTransactions(AdviceKind.CLASS)
                .withPropertyValues("distributed-lock.on-lost=log");
    }

    @Test
    void rollsBackIfTheLeaseWasAcquiredInside() {
        ReactiveBank.run(bank -> {
            CompletableFuture<LockLease> begun = new CompletableFuture<>();
            Mono<Void> work = bank.locks()
                    .usingLock(BRIEF, lease -> {
                        begun.complete(lease);
                        return bank.add("undone");
                    })
                    .then(awaitLoss(begun));
            assertLost(bank.transaction().transactional(work));
            assertThat(bank.committed()).isEmpty();
            bank.awaitFree(ACCOUNT);
        });
    }

    @Test
    void theLossCancelsATransactionInsideOfTheLock() {
        ReactiveBank.run(bank -> {
            CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
            assertLost(bank.locks()
                    .withLock(
                            BRIEF,
                            bank.transaction()
                                    .transactional(bank.add("undone")
                                            .then(Mono.never())
                                            .doOnCancel(() -> cancelled.complete(true)))));
            assertThat(cancelled).succeedsWithin(PATIENCE);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(bank.committed()).isEmpty());
            bank.awaitFree(ACCOUNT);
        });
    }

    @Test
    void rollsBackInsideOfALock() {
        ReactiveBank.run(withoutCancellation(), bank -> {
            LeaseLostException lost = assertLost(bank.locks()
                    .usingLock(
                            BRIEF,
                            lease -> bank.transaction()
                                    .transactional(bank.add("undone").then(awaitLoss(lease)))));
            assertThat(lost).hasMessageContaining("not committed, since it began under this lease");
            assertThat(bank.committed()).isEmpty();
        });
    }

    @Test
    void rollsBackOfALockedMethod() {
        ReactiveBank.run(withoutCancellation(), bank -> {
            assertLost(bank.accounts()
                    .brieflyLockedTransaction(
                            "1",
                            bank.add("undone")
                                    .then(ReactiveLockContext.current().flatMap(this::awaitLoss))));
            assertThat(bank.committed()).isEmpty();
        });
    }

    @Test
    void rollsBackUnderALockOfABlockingCaller() {
        ReactiveBank.run(bank -> {
            try (LockLease lease = bank.context().getBean(LockOperations.class).acquire(BRIEF)) {
                assertLost(bank.transaction().transactional(bank.add("undone").then(awaitLoss(lease))));
            }
            assertThat(bank.committed()).isEmpty();
        });
    }

    /** The listener does not see the context of a transaction that begins later; Reactor may show it the leases. */
    @Test
    void rollsBackIfItBeginsLaterWhereThreadLocalValuesAreRestored() {
        ReactiveBank.run(withoutCancellation(), bank -> {
            Mono<Void> later = bank.locks()
                    .usingLock(
                            BRIEF,
                            lease -> Mono.delay(Duration.ofMillis(1))
                                    .then(bank.transaction()
                                            .transactional(bank.add("entry").then(awaitLoss(lease)))));
            assertThat(later.blockOptional(PATIENCE)).isEmpty();
            assertThat(bank.committed()).containsExactly("entry");
            bank.awaitFree(ACCOUNT);

            Hooks.enableAutomaticContextPropagation();
            try {
                assertLost(bank.locks()
                        .usingLock(
                                BRIEF,
                                lease -> Mono.delay(Duration.ofMillis(1))
                                        .then(bank.transaction()
                                                .transactional(
                                                        bank.add("undone").then(awaitLoss(lease))))));
            } finally {
                Hooks.disableAutomaticContextPropagation();
            }
            assertThat(bank.committed()).containsExactly("entry");
        });
    }

    /** A thread that commits may hold anything. */
    @Test
    void commitsOnAThreadUnderALeaseThatIsNotItsOwn() {
        ReactiveBank.run(bank -> {
            LockLease lost = bank.context()
                    .getBean(LockOperations.class)
                    .acquireAsync(BRIEF)
                    .toCompletableFuture()
                    .join();
            CompletableFuture<LockContext.Scope> bound = new CompletableFuture<>();
            Mono<String> work = awaitLoss(lost).then(bank.add("done")).map(rows -> {
                bound.complete(LockContext.bind(lost));
                return Thread.currentThread().getName();
            });
            assertThat(bank.transaction().transactional(work).block(PATIENCE)).isNotNull();
            bound.join().close();
            assertThat(bank.committed()).containsExactly("done");
        });
    }

    @Test
    void commitsIfTheLeaseWasClosedBefore() {
        ReactiveBank.run(withoutCancellation(), bank -> {
            LockLease lease = bank.context().getBean(LockOperations.class).acquire(BRIEF);
            bank.transaction()
                    .transactional(bank.add("done").doOnNext(rows -> lease.close()))
                    .block(PATIENCE);
            assertThat(bank.committed()).containsExactly("done");
        });
    }

    private Mono<Void> awaitLoss(LockLease lease) {
        return awaitLoss(CompletableFuture.completedFuture(lease));
    }

    private static Mono<Void> awaitLoss(CompletableFuture<LockLease> begun) {
        return Mono.fromFuture(begun, true).flatMap(lease -> Mono.<Void>create(sink -> lease.onLost(sink::success)));
    }

    private static LeaseLostException assertLost(Mono<?> work) {
        return assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(() -> work.block(PATIENCE))
                .actual();
    }
}
