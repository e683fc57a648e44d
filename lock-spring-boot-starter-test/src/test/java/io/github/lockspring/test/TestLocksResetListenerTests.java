package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** One test knows nothing of what another one did. */
@SpringJUnitConfig(TestLocksResetListenerTests.class)
@AutoConfigureTestLocks
class TestLocksResetListenerTests {

    @Autowired
    private TestLocks locks;

    @Autowired
    private LockOperations operations;

    @RepeatedTest(2)
    void beginsWithoutHistoryAndWithFreeLocksAndASoundStore() {
        assertThat(this.locks).hasToString("Locks of the test. Nothing has happened.");
        this.operations.tryAcquire(LockOptions.named("report")).orElseThrow().close();
        this.locks.holdElsewhere("report");
    }

    /** What happens around a test method is undone and forgotten, too. */
    @AfterEach
    void lockAndFail() {
        this.operations.acquire(LockOptions.named("another")).close();
        this.locks.failAllCommands();
    }

    @Nested
    class InANestedClass {

        @Test
        void isTheSame() {
            TestLocks shared = TestLocksResetListenerTests.this.locks;
            assertThat(shared).wasNotLocked("report").wasNotLocked("another");
            TestLocksResetListenerTests.this
                    .operations
                    .acquire(LockOptions.named("report"))
                    .close();
            assertThat(shared).wasLocked("report");
        }
    }
}
