package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockShutdownException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Waiting for a lock that another process has. */
public abstract class EngineWaitingContract extends EngineSuite {

    private final LockOptions options = newOptions();

    @Test
    void waitersAreServedInOrderOfArrivalWhenTheLockIsFair() throws Exception {
        LockOptions fair = this.options.fair(true);
        List<EngineProcess> processes = List.of(engine(), engine(), engine());
        Queue<Integer> order = new ConcurrentLinkedQueue<>();
        List<Future<Boolean>> waiters = new ArrayList<>();
        try (LockLease held = processes.get(0).locks().acquire(fair)) {
            for (int i = 0; i < 12; i++) {
                int number = i;
                EngineProcess process = processes.get(i % 3);
                waiters.add(start(() -> process.locks().call(fair, () -> order.add(number))));
                awaitQueued(i + 1);
            }
        }

        for (Future<Boolean> waiter : waiters) {
            end(waiter);
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertAbandoned(fair);
    }

    @Test
    void everyWaiterIsServedAfterALongHold() throws Exception {
        List<EngineProcess> processes = List.of(engine(), engine(), engine());
        List<Future<Integer>> waiters = new ArrayList<>();
        try (LockLease held = processes.get(0).locks().acquire(this.options)) {
            for (int i = 0; i < 30; i++) {
                EngineProcess process = processes.get(i % 3);
                waiters.add(start(() -> process.locks().call(this.options, () -> 1)));
            }
            awaitQueued(2);
        }

        for (Future<Integer> waiter : waiters) {
            assertThat(end(waiter)).isEqualTo(1);
        }
        assertAbandoned(this.options);
    }

    @Test
    void whoseWaitTimeIsOverIsToldWhoHasTheLock() {
        EngineProcess holder = engine();
        EngineProcess waiter = engine();
        try (LockLease held = holder.locks().acquire(this.options)) {
            String owner = lookAt(held.fullName()).orElseThrow().owner();

            assertThatExceptionOfType(LockNotAcquiredException.class)
                    .isThrownBy(() -> waiter.locks().acquire(this.options.waitTime(Duration.ofMillis(50))))
                    .withMessageNotContaining(owner)
                    .extracting(LockNotAcquiredException::getHolder)
                    .extracting(LockHolder::owner)
                    .isEqualTo(owner);
            assertThat(waiter.locks().tryAcquire(this.options)).isEmpty();
            assertNobodyQueues(this.options);
            assertThat(held.isHeld()).isTrue();
        }

        assertAbandoned(this.options);
    }

    @Test
    void whoGaveUpIsNotServed() throws Exception {
        EngineProcess holder = engine();
        EngineProcess impatient = engine();
        EngineProcess patient = engine();
        Future<Long> waiter;
        try (LockLease held = holder.locks().acquire(this.options)) {
            assertThatExceptionOfType(LockNotAcquiredException.class)
                    .isThrownBy(() -> impatient.locks().acquire(this.options.waitTime(Duration.ofMillis(100))));
            waiter = start(() -> patient.locks().execute(this.options, LockLease::fencingToken));
            awaitQueued(2);
            assertThat(held.isHeld()).isTrue();
        }

        assertThat(end(waiter)).isPositive();
        assertAbandoned(this.options);
    }

    @Test
    void lostGrantCostsItsReceiverOnePoll() throws Exception {
        EngineProcess holder = engine();
        LostMessages messages = new LostMessages(connect());
        EngineProcess receiver = engine(messages);
        messages.awaitListening();
        Future<Long> waiter;
        try (LockLease held = holder.locks().acquire(this.options)) {
            waiter = start(() -> receiver.locks().execute(this.options, LockLease::fencingToken));
            awaitQueued(1);
            assertThat(held.isHeld()).isTrue();
        }
        messages.awaitLoss();

        assertThat(end(waiter)).isPositive();
        assertThat(messages.requestsSinceLoss()).isLessThanOrEqualTo(1);
        assertAbandoned(this.options);
    }

    @Test
    void waitersOfAClosedProcessLeave() throws Exception {
        EngineProcess holder = engine();
        EngineProcess closing = engine();
        try (LockLease held = holder.locks().acquire(this.options)) {
            Future<LockLease> waiter = start(() -> closing.locks().acquire(this.options));
            awaitQueued(1);

            end(start(() -> {
                closing.close();
                return null;
            }));

            assertThatThrownBy(() -> end(waiter)).hasCauseInstanceOf(LockShutdownException.class);
            assertNobodyQueues(this.options);
            assertThat(held.isHeld()).isTrue();
        }

        assertAbandoned(this.options);
    }

    @Test
    void lockOfAProcessThatWentDownIsFreeWhenItsLeaseIsOver() throws Exception {
        EngineProcess down = engine();
        EngineProcess waiter = engine();
        LockLease forsaken = down.locks().acquire(this.options.leaseTime(Duration.ofSeconds(1)));
        Future<Long> next = start(() -> waiter.locks().execute(this.options, LockLease::fencingToken));
        awaitQueued(1);

        down.close();

        assertThat(forsaken.isLost()).isTrue();
        assertThat(end(next)).isGreaterThan(forsaken.fencingToken());
        forsaken.close();
        assertAbandoned(this.options);
    }

    @Test
    void differentLocksAreHeldAtTheSameTime() throws Exception {
        List<EngineProcess> processes = List.of(engine(), engine());
        CyclicBarrier allInside = new CyclicBarrier(6);
        List<Future<Integer>> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int number = i;
            threads.add(start(() -> processes
                    .get(number % 2)
                    .locks()
                    .call(this.options.key(number), () -> allInside.await(1, TimeUnit.MINUTES))));
        }

        for (Future<Integer> thread : threads) {
            end(thread);
        }
        for (int i = 0; i < 6; i++) {
            assertAbandoned(this.options.key(i));
        }
    }
}
