package io.github.lockspring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** A commit that comes when its lease is over, because of a pause between the check and the commit: the token helps. */
class LateCommitTests {

    private static final LockOptions LOCK = LockOptions.named("stock").waitTime(Duration.ofMinutes(1));

    private static final LockOptions BRIEF =
            LOCK.leaseTime(Duration.ofSeconds(1)).renew(false);

    private final String table = "stock_" + UUID.randomUUID().toString().replace('-', '_');

    private final DriverManagerDataSource dataSource = new DriverManagerDataSource(TestDatabase.newUrl());

    private final JdbcTemplate jdbc = new JdbcTemplate(this.dataSource);

    private final CountDownLatch committing = new CountDownLatch(1);

    private final CountDownLatch resumed = new CountDownLatch(1);

    @BeforeEach
    void createTable() {
        this.jdbc.execute("create table " + this.table + " (remaining integer, last_token bigint)");
        this.jdbc.update("insert into " + this.table + " values (10, 0)");
    }

    @AfterEach
    void dropTable() {
        this.jdbc.execute("drop table " + this.table);
    }

    @Test
    void nextHolderThatStoresItsTokenFirstReadsWhatTheLateCommitHasWritten() {
        run(locks -> {
            DataSourceTransactionManager late = new LateTransactions();
            late.addListener(new CommitGuard());
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> takeOne(locks, BRIEF, late));
            await(this.committing);

            CountDownLatch entered = new CountDownLatch(1);
            CompletableFuture<Void> second = CompletableFuture.runAsync(() -> locks.run(LOCK, () -> {
                entered.countDown();
                takeOne(locks, LOCK, new DataSourceTransactionManager(this.dataSource));
            }));
            await(entered);
            this.resumed.countDown();

            assertThat(first)
                    .failsWithin(Duration.ofMinutes(1))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(LeaseLostException.class);
            assertThat(second).succeedsWithin(Duration.ofMinutes(1));
            assertThat(remaining()).as("after two that took one each").isEqualTo(8);
        });
    }

    @Test
    void holderOfBeforeIsRefusedByTheTokenOfTheNextOne() {
        run(locks -> {
            this.jdbc.update("update " + this.table + " set last_token = ?", Long.MAX_VALUE);
            assertThatIllegalStateException()
                    .isThrownBy(() -> takeOne(locks, LOCK, new DataSourceTransactionManager(this.dataSource)))
                    .withMessage("a newer holder was here");
            assertThat(remaining()).isEqualTo(10);
        });
    }

    private void takeOne(LockOperations locks, LockOptions lock, DataSourceTransactionManager transactions) {
        locks.run(
                lock,
                () -> new TransactionTemplate(transactions).executeWithoutResult(status -> {
                    long token = LockContext.required().fencingToken();
                    String store = "update " + this.table + " set last_token = ? where last_token <= ?";
                    if (this.jdbc.update(store, token, token) == 0) {
                        throw new IllegalStateException("a newer holder was here");
                    }
                    this.jdbc.update("update " + this.table + " set remaining = ?", remaining() - 1);
                }));
    }

    private int remaining() {
        return this.jdbc.queryForObject("select remaining from " + this.table, Integer.class);
    }

    private static void run(Consumer<LockOperations> test) {
        TransactionContexts.withoutTransactions(AdviceKind.CLASS)
                .run(context -> test.accept(context.getBean(LockOperations.class)));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException ex) {
            throw new AssertionError("Interrupted", ex);
        }
    }

    /** Stands still when all checks are done. */
    private final class LateTransactions extends DataSourceTransactionManager {

        private static final long serialVersionUID = 1L;

        LateTransactions() {
            super(LateCommitTests.this.dataSource);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            LateCommitTests.this.committing.countDown();
            await(LateCommitTests.this.resumed);
            super.doCommit(status);
        }
    }
}
