package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** A test method that leaves a lease open fails, and the next one knows nothing of it. */
class OpenLeasesTests {

    private static final String DRAFT = "draft";

    private final TestContextManager tests = new TestContextManager(Leaking.class);

    private final Leaking test = new Leaking();

    @BeforeEach
    void prepare() throws Exception {
        this.tests.prepareTestInstance(this.test);
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(LockContext.isEmpty()).isTrue();
    }

    private Optional<Throwable> run(String method) throws Exception {
        var reflected = Leaking.class.getDeclaredMethod(method);
        this.tests.beforeTestMethod(this.test, reflected);
        reflected.invoke(this.test);
        try {
            this.tests.afterTestMethod(this.test, reflected, null);
            return Optional.empty();
        } catch (AssertionError failure) {
            return Optional.of(failure);
        }
    }

    @Test
    void isNamedWithThePlaceWhereItWasAcquiredAndClosed() throws Exception {
        assertThat(run("leavesOneOpen"))
                .hasValueSatisfying(failure -> assertThat(failure)
                        .hasMessageContainingAll(
                                "left open on thread '" + Thread.currentThread().getName() + "'",
                                "lease of 'report'",
                                "acquired at " + Leaking.class.getName() + ".leavesOneOpen(OpenLeasesTests.java:",
                                "try-with-resources")
                        .cause()
                        .hasMessage("Lock 'report' was asked for here"));
        assertThat(this.test.operations.holder("report")).isEmpty();
        assertThat(this.test.locks).hasToString("Locks of the test. Nothing has happened.");
        assertThat(run("closesAll")).isEmpty();
    }

    @Test
    void isClosedWhenTheStoreFailsAtTheEndOfTheTest() throws Exception {
        assertThat(run("leavesOneOpenAndHasTheStoreFail")).isPresent();
        assertThat(this.test.operations.holder("report")).isEmpty();
    }

    @Test
    void severalAreNamed() throws Exception {
        assertThat(run("leavesTwoOpenOfWhichOneIsLost")).hasValueSatisfying(failure -> {
            assertThat(failure).hasMessageContainingAll("lease of 'report'", "lease of '" + DRAFT + "'", ", lost");
            assertThat(Stream.concat(Stream.of(failure.getCause()), Stream.of(failure.getSuppressed()))
                            .map(Throwable::getMessage))
                    .containsExactlyInAnyOrder(
                            "Lock 'report' was asked for here", "Lock '" + DRAFT + "' was asked for here");
        });
        assertThat(run("closesAll")).isEmpty();
    }

    /** It cannot be closed from outside. */
    @Test
    void anOpenScopeIsNamed() throws Exception {
        assertThat(run("leavesAScopeOpen"))
                .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining("LockContext.isolate"));
        this.test.scope.close();
    }

    /** The methods of one test class may share a lease. */
    @Test
    void whatWasOpenBeforeTheTestMethodStaysOpen() throws Exception {
        try (LockLease shared = this.test.operations.acquire(LockOptions.named(DRAFT))) {
            assertThat(run("leavesOneOpen"))
                    .hasValueSatisfying(failure -> assertThat(failure).hasMessageNotContaining(DRAFT));
            assertThat(run("closesAll")).isEmpty();
            assertThat(shared.isHeld()).isTrue();
        }
    }

    /** What is released after the transaction of the test method is not left open. */
    @Test
    void aLockOfTheTransactionOfTheTestMethodIsNotLeftOpen() throws Exception {
        assertThat(run("locksInItsTransaction")).isEmpty();
        assertThat(this.test.operations.holder("report")).isEmpty();
    }

    @Test
    void whatTheTestResetsItselfStaysOpen() throws Exception {
        this.tests.beforeTestMethod(this.test, Leaking.class.getDeclaredMethod("closesAll"));
        try (LockLease lease = this.test.operations.acquire(LockOptions.named("report"))) {
            this.test.locks.reset();
            assertThat(lease.isHeld()).isTrue();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> this.test.locks.holdElsewhere("report"));
        }
    }

    /** Run by this class alone: its methods are no tests. */
    @SpringJUnitConfig(Leaking.Transactions.class)
    @AutoConfigureTestLocks
    static class Leaking {

        @Autowired
        TestLocks locks;

        @Autowired
        LockOperations operations;

        LockContext.Scope scope;

        void leavesOneOpen() {
            this.operations.acquire(LockOptions.named("report"));
        }

        void leavesOneOpenAndHasTheStoreFail() {
            this.operations.acquire(LockOptions.named("report"));
            this.locks.failAllCommands();
        }

        void leavesTwoOpenOfWhichOneIsLost() {
            this.operations.acquire(LockOptions.named("report"));
            this.operations.acquire(LockOptions.named(DRAFT));
            this.locks.loseLease(DRAFT);
        }

        void leavesAScopeOpen() {
            this.scope = LockContext.isolate();
        }

        @Transactional
        void locksInItsTransaction() {
            this.operations.acquire(LockOptions.named("report")).close();
            assertThat(LockContext.current()).isPresent();
        }

        void closesAll() {
            this.operations.acquire(LockOptions.named("report")).close();
            assertThat(this.locks).wasReleased("report");
        }

        @Configuration(proxyBeanMethods = false)
        @EnableTransactionManagement
        static class Transactions {

            @Bean
            NoDatabaseTransactions transactionManager() {
                return new NoDatabaseTransactions();
            }
        }
    }
}
