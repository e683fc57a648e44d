package io.github.lockspring.test;

import java.util.function.Consumer;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Has each test method begin with an empty history, and undoes what it has brought about. Around the transaction of the
 * test method: what is held until its end is released by then.
 */
final class TestLocksResetListener implements TestExecutionListener, Ordered {

    /** Before Spring's listener of transactions, which has 4000, and after the one that closes contexts. */
    private static final int ORDER = 3900;

    private static final String OPEN_LEASES = OpenLeases.class.getName();

    TestLocksResetListener() {}

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public void beforeTestMethod(TestContext testContext) {
        withLocks(testContext, locks -> {
            locks.forget();
            testContext.setAttribute(OPEN_LEASES, new OpenLeases());
        });
    }

    @Override
    public void afterTestMethod(TestContext testContext) {
        withLocks(testContext, locks -> {
            if (testContext.removeAttribute(OPEN_LEASES) instanceof OpenLeases leases) {
                leases.reset(locks);
            } else {
                locks.reset();
            }
        });
    }

    private static void withLocks(TestContext testContext, Consumer<TestLocks> action) {
        if (testContext.hasApplicationContext()) {
            testContext.getApplicationContext().getBeanProvider(TestLocks.class).ifAvailable(action);
        }
    }
}
