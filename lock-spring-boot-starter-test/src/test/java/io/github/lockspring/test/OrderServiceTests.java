package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.AdditionalAnswers.answerVoid;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.verifyNoInteractions;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.test.orders.Carrier;
import io.github.lockspring.test.orders.OrderApplication;
import io.github.lockspring.test.orders.OrderService;
import io.github.lockspring.test.orders.Shipments;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** What docs/testing.md shows: {@link DocumentedTests} compares. */
@ContextConfiguration(classes = OrderApplication.class)
@SpringBootTest(properties = "distributed-lock.wait-time=0s")
@AutoConfigureTestLocks
class OrderServiceTests {

    @Autowired
    private TestLocks locks;

    @Autowired
    private OrderService orders;

    @Autowired
    private Shipments shipments;

    @MockitoBean
    private Carrier carrier;

    @AfterEach
    void deleteShipments() {
        this.shipments.deleteAll();
    }

    @Test
    void isSkippedWhileAnotherProcessHasTheOrder() {
        this.locks.holdElsewhere("order", 42);
        Optional<Long> shipped = this.orders.shipIfFree(42);
        assertThat(this.locks).wasSkipped("order", 42).wasNotLocked("order", 42);
        assertThat(shipped).isEmpty();
        verifyNoInteractions(this.carrier);
    }

    @Test
    void isRefusedWhileAnotherProcessHasTheOrder() {
        this.locks.holdElsewhere("order", 42);
        assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> this.orders.ship(42));
    }

    @Test
    void isRolledBackWhenTheLeaseIsLost() {
        doAnswer(answerVoid((Long order) -> this.locks.loseLease("order", order)))
                .when(this.carrier)
                .pickUp(42);
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> this.orders.ship(42));
        assertThat(this.shipments.isEmpty()).isTrue();
    }

    @Test
    void releasesAfterTheCommit() {
        this.orders.ship(42);
        assertThat(this.locks).wasReleasedAfterCommit("order", 42);
    }

    @Test
    void doesNotShipWhenItCannotLock() {
        this.locks.failAllCommands();
        assertThatExceptionOfType(LockStoreException.class).isThrownBy(() -> this.orders.ship(42));
        assertThat(this.locks).hadStoreFailure("order", 42);
        verifyNoInteractions(this.carrier);
    }
}
