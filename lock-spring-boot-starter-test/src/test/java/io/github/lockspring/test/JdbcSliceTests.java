package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockContext;
import io.github.lockspring.test.orders.Carrier;
import io.github.lockspring.test.orders.OrderApplication;
import io.github.lockspring.test.orders.OrderService;
import io.github.lockspring.test.orders.Shipments;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** A slice of the database, with annotated beans. */
@ExtendWith(OutputCaptureExtension.class)
class JdbcSliceTests {

    @Nested
    @JdbcSlice
    @ContextConfiguration(classes = OrderApplication.class)
    @Import({OrderService.class, Shipments.class, Carrier.class})
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    @AutoConfigureTestLocks
    class WithLocks {

        @Autowired
        private OrderService orders;

        @Autowired
        private Shipments shipments;

        @Autowired
        private TestLocks locks;

        @Test
        void locks() {
            this.orders.ship(42);
            assertThat(this.locks).wasReleasedAfterCommit("order", 42);
            this.shipments.deleteAll();
        }

        @Test
        void skips() {
            this.locks.holdElsewhere("order", 42);
            assertThat(this.orders.shipIfFree(42)).isEmpty();
        }
    }

    /** There is no bean of locks, nor a store: that is said, and no failure. */
    @Nested
    @JdbcSlice
    @ContextConfiguration(classes = OrderApplication.class)
    @Import({OrderService.class, Shipments.class, Carrier.class})
    class WithoutLocks {

        @Test
        void runsUnlocked(@Autowired OrderService orders, @Autowired ApplicationContext context) {
            orders.ship(42);
            assertThat(LockContext.current()).isEmpty();
            assertThat(AopUtils.isAopProxy(orders)).as("of transactions").isTrue();
            assertThat(context.getBeanNamesForType(TestLocks.class)).isEmpty();
        }
    }

    @Nested
    @JdbcSlice
    @ContextConfiguration(classes = OrderApplication.class)
    class WithoutAnnotatedBeans {

        @Test
        void isNotWarned(CapturedOutput output, @Autowired ApplicationContext context) {
            assertThat(context.getBeanNamesForType(OrderService.class)).isEmpty();
            assertThat(output).doesNotContain("WITHOUT a lock");
        }
    }
}
