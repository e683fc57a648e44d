package io.github.lockspring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.autoconfigure.LockContextRunners;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** The renewal that a commit waits for where little is left of a lease, by Redis. */
@Tag("default-line")
class CommitGuardIntegrationTests {

    private static final Duration LEASE = Duration.ofSeconds(9);

    private static final Duration LITTLE = LEASE.dividedBy(3).minusMillis(50);

    private static final LockOptions UNRENEWED = Bank.ACCOUNT.leaseTime(LEASE).renew(false);

    private final RedisProcess redis = RedisProcess.started();

    private final String prefix = TestRedis.newPrefix();

    /** What was left of the lease after the check. */
    private final List<Duration> left = new ArrayList<>();

    @AfterEach
    void close() {
        this.redis.close();
    }

    @Test
    void renewsTheLeaseInRedisAndCommits() {
        run(bank -> {
            commitLate(bank, () -> {}, () -> {
                try (RespClient client = this.redis.client()) {
                    this.left.add(Duration.ofMillis(client.number("PTTL", lockKey())));
                }
            });
            assertThat(this.left).hasSize(2).allMatch(time -> time.compareTo(LITTLE) > 0);
            assertThat(bank.ledger().committed()).containsExactly("written");
        });
    }

    @Test
    void rollsBackIfRedisHasLostTheLock() {
        run(bank -> {
            LeaseLostException lost = catchThrowableOfType(
                    LeaseLostException.class, () -> commitLate(bank, () -> deleteLock(), () -> {}));
            assertThat(lost).hasNoSuppressedExceptions();
            assertThat(this.left).as("commits").isEmpty();
            assertThat(bank.ledger().committed()).isEmpty();
        });
    }

    @Test
    void commitsIfRedisDoesNotAnswerWhileTheLeaseIsHeld() {
        runner("200ms").run(context -> {
            Bank bank = new Bank(AdviceKind.CLASS, context);
            commitLate(bank, this.redis::pause, this.redis::resume);
            assertThat(this.left).singleElement().matches(time -> time.compareTo(LITTLE) < 0);
            assertThat(bank.ledger().committed()).containsExactly("written");
        });
    }

    @Test
    void rollsBackIfRedisDoesNotAnswerUntilTheLeaseIsOver() {
        runner("4s").run(context -> {
            Bank bank = new Bank(AdviceKind.CLASS, context);
            LeaseLostException lost =
                    catchThrowableOfType(LeaseLostException.class, () -> commitLate(bank, this.redis::pause, () -> {}));
            this.redis.resume();
            assertThat(lost).as("the loss of the lease").isNotNull();
            assertThat(lost.getSuppressed()).singleElement().isInstanceOf(LockStoreException.class);
            assertThat(this.left).as("commits").isEmpty();
            assertThat(bank.ledger().committed()).isEmpty();
        });
    }

    /** A lock that is handed over comes with a lease of 2 s, which is soon extended: at the commit at the latest. */
    @Test
    void transactionUnderALockThatWasHandedOverCommitsUnderTheWholeLease() {
        run(first -> run(second -> {
            CompletableFuture<Void> work;
            try (LockLease lease = first.locks().acquire(Bank.ACCOUNT)) {
                work = CompletableFuture.runAsync(() -> second.locks()
                        .run(
                                Bank.ACCOUNT.waitTime(Duration.ofMinutes(1)),
                                () -> commit(second, () -> second.ledger().add("written"), () -> {})));
                try (RespClient client = this.redis.client()) {
                    Awaitility.await().until(() -> client.number("EXISTS", lockKey() + ":queue") == 1);
                }
                assertThat(lease.isHeld()).isTrue();
            }
            assertThat(work).succeedsWithin(Duration.ofMinutes(1));
            assertThat(this.left).singleElement().matches(time -> time.toSeconds() > 10);
            assertThat(second.ledger().committed()).containsExactly("written");
        }));
    }

    private void commitLate(Bank bank, Runnable beforeCheck, Runnable afterCheck) {
        bank.locks()
                .run(
                        UNRENEWED,
                        () -> commit(
                                bank,
                                () -> {
                                    bank.ledger().add("written");
                                    LockLease lease = LockContext.required();
                                    Awaitility.await()
                                            .until(() -> lease.remaining().compareTo(LITTLE) < 0);
                                    beforeCheck.run();
                                },
                                afterCheck));
    }

    private void commit(Bank bank, Runnable body, Runnable afterCheck) {
        LockLease lease = LockContext.required();
        // listeners are called in the order in which they were added: after the guard
        bank.bean(ConfigurableTransactionManager.class).addListener(new TransactionExecutionListener() {
            @Override
            public void beforeCommit(TransactionExecution transaction) {
                CommitGuardIntegrationTests.this.left.add(lease.remaining());
                afterCheck.run();
            }
        });
        bank.transactionTemplate().executeWithoutResult(status -> body.run());
    }

    private void deleteLock() {
        try (RespClient client = this.redis.client()) {
            assertThat(client.number("DEL", lockKey())).isEqualTo(1);
        }
    }

    private String lockKey() {
        return this.prefix + "{account:1}";
    }

    private void run(Consumer<Bank> test) {
        runner("2s").run(context -> test.accept(new Bank(AdviceKind.CLASS, context)));
    }

    private ApplicationContextRunner runner(String commandTimeout) {
        return LockContextRunners.sharedRedis()
                .withUserConfiguration(TransactionContexts.Transactions.class)
                .withPropertyValues(
                        "spring.data.redis.host=" + this.redis.host(),
                        "spring.data.redis.port=" + this.redis.port(),
                        "distributed-lock.key-prefix=" + this.prefix,
                        "distributed-lock.redis.command-timeout=" + commandTimeout);
    }
}
