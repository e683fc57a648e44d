package io.github.lockspring.test;

import java.util.function.Consumer;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/** Has each test method begin with an empty history, and undoes what it has brought about. */
final class TestLocksResetListener implements TestExecutionListener {

    TestLocksResetListener() {}

    @Override
    public void beforeTestMethod(TestContext testContext) {
        withLocks(testContext, TestLocks::forget);
    }

    @Override
    public void afterTestMethod(TestContext testContext) {
        withLocks(testContext, TestLocks::reset);
    }

    private static void withLocks(TestContext testContext, Consumer<TestLocks> action) {
        if (testContext.hasApplicationContext()) {
            testContext.getApplicationContext().getBeanProvider(TestLocks.class).ifAvailable(action);
        }
    }
}
