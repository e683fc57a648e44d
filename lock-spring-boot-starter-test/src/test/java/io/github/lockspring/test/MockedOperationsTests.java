package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verifyNoInteractions;

import io.github.lockspring.LockOperations;
import io.github.lockspring.test.orders.OrderApplication;
import io.github.lockspring.test.orders.OrderService;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** A mock of the operations does not keep annotated methods from being locked under the control of the test. */
@SpringBootTest(classes = OrderApplication.class)
@AutoConfigureTestLocks
class MockedOperationsTests {

    @MockitoBean
    private LockOperations operations;

    @Autowired
    private TestLocks locks;

    @Autowired
    private OrderService orders;

    @Test
    void annotatedMethodsAreLockedWithoutIt() {
        assertThat(this.orders.shipIfFree(42)).isPresent();
        assertThat(this.locks).wasReleased("order", 42);
        verifyNoInteractions(this.operations);
    }

    @Test
    void annotatedMethodsAreSkippedWithoutIt() {
        this.locks.holdElsewhere("order", 42);
        assertThat(this.orders.shipIfFree(42)).isEmpty();
        assertThat(this.locks).wasSkipped("order", 42);
    }
}
