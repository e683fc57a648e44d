package io.github.lockspring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.reactive.ReactiveLockOperations;
import io.github.lockspring.reactive.ReactiveLockTemplate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The commit of a reactive transaction, with leases of which little is left. */
class ReactiveCommitTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LEASE_TIME = Duration.ofSeconds(30);

    private static final LockOptions ORDER = LockOptions.named("order");

    private final LockLease lease = mock();

    private final NoDatabase manager = new NoDatabase();

    private final AtomicReference<Thread> extending = new AtomicReference<>();

    private final ReactiveLockOperations locks = new ReactiveLockTemplate(
            operations(),
            LockSettings.DEFAULTS,
            LockTaskExecution.on(Runnable::run),
            new ReactiveTransactionalReleaseStrategy());

    private LockOperations operations() {
        LockOperations operations = mock();
        when(operations.acquireAsync(any())).thenReturn(CompletableFuture.completedFuture(this.lease));
        return operations;
    }

    @BeforeEach
    void leaseIsHeld() {
        when(this.lease.name()).thenReturn("order");
        when(this.lease.fullName()).thenReturn("order");
        when(this.lease.leaseTime()).thenReturn(LEASE_TIME);
        when(this.lease.isHeld()).thenReturn(true);
        when(this.lease.unwrap()).thenReturn(this.lease);
        when(this.lease.remaining()).thenReturn(LEASE_TIME);
        when(this.lease.closeAsync()).thenReturn(CompletableFuture.completedFuture(null));
        when(this.lease.extend(any())).thenAnswer(call -> {
            this.extending.set(Thread.currentThread());
            return LEASE_TIME;
        });
    }

    private Mono<Thread> transaction() {
        Mono<Thread> work = Mono.fromCallable(Thread::currentThread);
        return TransactionalOperator.create(this.manager)
                .transactional(this.locks.withLock(ORDER, work))
                .subscribeOn(Schedulers.parallel());
    }

    @Test
    void aLeaseOfWhichEnoughIsLeftIsNotExtended() {
        assertThat(transaction().block(PATIENCE)).isNotNull();
        verify(this.lease, never()).extend(any());
        verify(this.lease).closeAsync();
        assertThat(this.manager.commits).hasValue(1);
    }

    @Test
    void aLeaseOfWhichLittleIsLeftIsExtendedByAThreadThatMayBeBlocked() {
        when(this.lease.remaining()).thenReturn(Duration.ofSeconds(9));
        Thread worker = transaction().block(PATIENCE);
        assertThat(Schedulers.isNonBlockingThread(worker)).isTrue();
        verify(this.lease).extend(LEASE_TIME);
        assertThat(Schedulers.isNonBlockingThread(this.extending.get())).isFalse();
        assertThat(this.manager.commits).hasValue(1);
    }

    @Test
    void theClockDecidesWhereTheStoreFails() {
        when(this.lease.remaining()).thenReturn(Duration.ofSeconds(9));
        when(this.lease.extend(any())).thenThrow(mock(LockStoreException.class));
        transaction().block(PATIENCE);
        assertThat(this.manager.commits).hasValue(1);
    }

    @Test
    void aLostLeaseRollsTheTransactionBackBeforeItsLockIsReleased() {
        LeaseLostException lost = new LeaseLostException(LockName.of("order"), 1, "of a test");
        when(this.lease.isHeld()).thenReturn(false);
        doThrow(lost).when(this.lease).ensureHeld();
        when(this.lease.closeAsync()).thenAnswer(call -> {
            assertThat(this.manager.rollbacks).hasValue(1);
            return CompletableFuture.completedFuture(null);
        });
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(() -> transaction().block(PATIENCE))
                .isSameAs(lost);
        verify(this.lease).closeAsync();
        assertThat(List.of(this.manager.commits.get(), this.manager.rollbacks.get()))
                .containsExactly(0, 1);
    }
}
