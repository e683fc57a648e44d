package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockAcquiredEvent;
import io.github.lockspring.LockContendedEvent;
import io.github.lockspring.LockEvent;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockListener;
import io.github.lockspring.LockLostEvent;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockReleasedEvent;
import io.github.lockspring.LockRequest;
import io.github.lockspring.store.DaemonThreads;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

/** What an application is told of its locks. */
@ExtendWith(OutputCaptureExtension.class)
class LockEventsTests {

    private static final LockOptions ORDER = LockOptions.named("order").key("42");

    private final ApplicationContextRunner runner = LockContextRunners.memory();

    @Test
    void listenerBeansAreToldEverythingInOrder() {
        this.runner.withBean(Recorder.class).run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            Recorder told = context.getBean(Recorder.class);
            try (LockLease lease = locks.acquire(ORDER)) {
                assertThat(locks.tryAcquireAsync(ORDER).toCompletableFuture().get())
                        .isEmpty();
                assertThat(lease.isHeld()).isTrue();
            }
            told.await(3);
            long token = told.of(LockAcquiredEvent.class).get(0).fencingToken();
            assertThat(told.events.get(0)).isInstanceOfSatisfying(LockAcquiredEvent.class, event -> {
                assertThat(event.name()).isEqualTo("order");
                assertThat(event.key()).isEqualTo("42");
                assertThat(event.waitedFor()).isPositive();
                assertThat(event.handedOff()).isFalse();
            });
            assertThat(told.events.get(1))
                    .isInstanceOfSatisfying(
                            LockContendedEvent.class,
                            event -> assertThat(event.holder()).isNotNull());
            assertThat(told.events.get(2)).isInstanceOfSatisfying(LockReleasedEvent.class, event -> {
                assertThat(event.fencingToken()).isEqualTo(token);
                assertThat(event.heldFor()).isPositive();
            });
            assertThat(told.threads).allMatch(thread -> thread.startsWith(DaemonThreads.PREFIX + "events-"));
        });
    }

    /** Those of different holds of a lock may be told in another order than they have happened. */
    @Test
    void eventsOfEachHoldAreInOrder() {
        int threads = 8;
        int calls = 100;
        this.runner.withBean(Recorder.class).run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            ExecutorService callers = Executors.newFixedThreadPool(threads);
            try {
                for (int i = 0; i < threads * calls; i++) {
                    callers.execute(() -> locks.acquire(ORDER.waitForever()).close());
                }
            } finally {
                callers.shutdown();
            }
            Recorder told = context.getBean(Recorder.class);
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(told.of(LockReleasedEvent.class)).hasSize(threads * calls));
            Set<Long> held = new HashSet<>();
            for (LockEvent event : told.events) {
                if (event instanceof LockAcquiredEvent acquired) {
                    assertThat(held.add(acquired.fencingToken())).isTrue();
                } else if (event instanceof LockReleasedEvent released) {
                    assertThat(held.remove(released.fencingToken())).isTrue();
                }
            }
            assertThat(held).isEmpty();
        });
    }

    /** The end of a hold is told by another thread than its beginning, and may be told first. */
    @Test
    void aHoldThatEndsBeforeItsBeginningIsToldIsToldInOrderToo() {
        this.runner.withBean(Recorder.class).run(context -> {
            LockEvents events = context.getBean(LockEvents.class);
            Recorder told = context.getBean(Recorder.class);
            LockMonitor.Call released = events.begin(request());
            released.released();
            released.acquired(1, false);
            LockMonitor.Call lost = events.begin(request());
            LeaseLostException loss = new LeaseLostException(ORDER.lockName(), 2, "of the test");
            lost.lost(loss);
            lost.acquired(2, false);
            events.lost(ORDER.lockName(), Duration.ZERO, loss);
            told.await(3);
            assertThat(told.events)
                    .extracting(Object::getClass)
                    .containsExactly(LockAcquiredEvent.class, LockReleasedEvent.class, LockLostEvent.class);
        });
    }

    /** Listener containers and the web server start like that, before the context has been refreshed. */
    @Test
    void callsOfOthersThatStartAreTold() {
        this.runner
                .withBean(LocksAtStart.class)
                .withBean(Recorder.class)
                .run(context -> context.getBean(Recorder.class).await(2));
        this.runner.withBean(LocksAtStart.class).withBean(ReleaseMethod.class).run(context -> {
            ReleaseMethod told = context.getBean(ReleaseMethod.class);
            Awaitility.await().untilAsserted(() -> assertThat(told.events).hasSize(1));
        });
    }

    @Test
    void aLossIsToldWithItsReason() {
        this.runner.withBean(Recorder.class).withBean(LossMethod.class).run(context -> {
            LockLease lease = context.getBean(LockOperations.class)
                    .acquire(ORDER.leaseTime(Duration.ofSeconds(1)).renew(false));
            Recorder told = context.getBean(Recorder.class);
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(told.of(LockLostEvent.class)).hasSize(1));
            LockLostEvent event = told.of(LockLostEvent.class).get(0);
            assertThat(event.fencingToken()).isEqualTo(lease.fencingToken());
            assertThat(event.loss()).hasMessageContaining("its lease time has elapsed");
            assertThat(event.heldFor()).isGreaterThan(Duration.ofMillis(500));
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(context.getBean(LossMethod.class).events).containsExactly(event));
            lease.close();
        });
    }

    @Test
    void keysAreMaskedWhereThePropertySaysSo() {
        this.runner
                .withPropertyValues("distributed-lock.mask-keys=true")
                .withBean(Recorder.class)
                .run(context -> {
                    context.getBean(LockOperations.class).acquire(ORDER).close();
                    Recorder told = context.getBean(Recorder.class);
                    told.await(2);
                    assertThat(told.events).allSatisfy(event -> {
                        assertThat(event.key()).startsWith("#");
                        assertThat(event.toString()).doesNotContain("42]").doesNotContain(":42");
                        assertThat(event.lock().key()).isEqualTo("42");
                    });
                });
    }

    @Test
    void methodsAreToldWhatTheyListenFor() {
        this.runner.withBean(ReleaseMethod.class).run(context -> {
            context.getBean(LockOperations.class).acquire(ORDER).close();
            ReleaseMethod told = context.getBean(ReleaseMethod.class);
            Awaitility.await().untilAsserted(() -> assertThat(told.events).hasSize(1));
            assertThat(told.events.get(0)).isInstanceOf(LockReleasedEvent.class);
        });
    }

    @Test
    void listenersOfParentContextsAreToldToo() {
        new ApplicationContextRunner()
                .withBean(ReleaseMethod.class)
                .run(parent -> this.runner
                        .withParent(parent.getSourceApplicationContext())
                        .run(context -> {
                            context.getBean(LockOperations.class).acquire(ORDER).close();
                            Awaitility.await()
                                    .untilAsserted(() -> assertThat(parent.getBean(ReleaseMethod.class).events)
                                            .hasSize(1));
                        }));
    }

    /** The server of the child tells listeners of both once; that of the parent, which both use, its own listeners. */
    @Test
    void enginesOfAChildTellItsListenersAndThoseOfItsParentOnce() {
        this.runner
                .withBean("ofParent", Recorder.class)
                .withBean(ReleaseMethod.class)
                .run(parent -> this.runner
                        .withPropertyValues("distributed-lock.servers.reporting.subscribe=false")
                        .withParent(parent)
                        .withBean("ofChild", Recorder.class)
                        .withBean("releasesOfChild", ReleaseMethod.class)
                        .run(child -> {
                            List<Recorder> recorders = List.of(
                                    child.getBean("ofChild", Recorder.class),
                                    parent.getBean("ofParent", Recorder.class));
                            List<ReleaseMethod> methods = List.of(
                                    child.getBean("releasesOfChild", ReleaseMethod.class),
                                    parent.getBean(ReleaseMethod.class));
                            child.getBean("reportingLockTemplate", LockOperations.class)
                                    .acquire(ORDER)
                                    .close();
                            recorders.forEach(told -> told.await(2));
                            methods.forEach(told -> Awaitility.await()
                                    .untilAsserted(() -> assertThat(told.events).hasSize(1)));

                            child.getBean("distributedLockTemplate", LockOperations.class)
                                    .acquire(ORDER)
                                    .close();
                            recorders.get(1).await(4);
                            Awaitility.await()
                                    .untilAsserted(() ->
                                            assertThat(methods.get(1).events).hasSize(2));
                            recorders.get(0).await(2);
                            assertThat(methods.get(0).events).hasSize(1);
                        }));
    }

    @Test
    void lazyListenersAreToldToo() {
        this.runner
                .withBean(AllEvents.class, AllEvents::new, definition -> definition.setLazyInit(true))
                .run(context -> {
                    assertThat(isWatched(context.getBean(LockEvents.class))).isTrue();
                    context.getBean(LockOperations.class).acquire(ORDER).close();
                    Awaitility.await()
                            .untilAsserted(() -> assertThat(context.getBean(AllEvents.class).events)
                                    .hasSize(2));
                });
    }

    /** A loss is told without one. */
    @Test
    void withoutListenersNoCallIsWatched() {
        this.runner
                .withBean(LossMethod.class)
                .run(context ->
                        assertThat(isWatched(context.getBean(LockEvents.class))).isFalse());
        this.runner.run(context ->
                assertThat(isWatched(context.getBean(LockEvents.class))).isFalse());
        this.runner
                .withBean(ReleaseMethod.class)
                .run(context ->
                        assertThat(isWatched(context.getBean(LockEvents.class))).isTrue());
    }

    private static boolean isWatched(LockMonitor monitor) {
        return monitor.begin(request()) != null;
    }

    private static LockRequest request() {
        return new LockRequest(LockName.of("order"), Duration.ZERO, Duration.ofSeconds(30), true, false, null);
    }

    @Test
    void aListenerThatFailsKeepsNothingFromTheOthers(CapturedOutput output) {
        this.runner.withBean(Failing.class).withBean(Recorder.class).run(context -> {
            context.getBean(LockOperations.class).acquire(ORDER).close();
            context.getBean(Recorder.class).await(2);
            assertThat(output).contains("A listener to locks failed");
        });
    }

    /** Spring passes an event on to no listener after one that throws, and to no parent. Beans are told anyway. */
    @Test
    void aMethodThatFailsKeepsNothingFromListenerBeansAndLaterEvents(CapturedOutput output) {
        this.runner.withBean(FailingMethod.class).withBean(Recorder.class).run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            locks.acquire(ORDER).close();
            context.getBean(Recorder.class).await(2);
            locks.acquire(ORDER).close();
            context.getBean(Recorder.class).await(4);
            FailingMethod failing = context.getBean(FailingMethod.class);
            Awaitility.await().untilAsserted(() -> assertThat(failing.calls).hasValue(4));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(output)
                            .contains("A listener to locks failed: ", "ApplicationContext", "of the method"));
        });
    }

    /** A listener may need locks: they are there before it is. */
    @Test
    void aListenerMayHaveLocksInjected() {
        this.runner.withBean(Locking.class).run(context -> {
            context.getBean(LockOperations.class).acquire(ORDER).close();
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(context.getBean(Locking.class).events).isNotEmpty());
        });
    }

    @Test
    void aLongHoldIsWarnedOfWithItsStack(CapturedOutput output) {
        this.runner.withPropertyValues("distributed-lock.warn-after=50ms").run(context -> {
            try (LockLease lease = context.getBean(LockOperations.class).acquire(ORDER)) {
                Awaitility.await()
                        .untilAsserted(() -> assertThat(output)
                                .contains("Lock 'order:42' has been held for", "aLongHoldIsWarnedOfWithItsStack"));
                assertThat(lease.isHeld()).isTrue();
            }
        });
    }

    @Test
    void aLeaseThatIsNotClosedIsWarnedOfWithItsStack(CapturedOutput output) {
        this.runner
                .withPropertyValues("distributed-lock.locks.order.warn-after=1h")
                .run(context -> {
                    Thread thread = new Thread(() -> forgets(context.getBean(LockOperations.class)));
                    thread.start();
                    thread.join();
                    Awaitility.await().untilAsserted(() -> {
                        System.gc();
                        assertThat(output)
                                .contains("has ended without closing its lease of lock 'order:42'", ".forgets(");
                    });
                });
    }

    private static void forgets(LockOperations locks) {
        assertThat(locks.acquire(ORDER).isHeld()).isTrue();
    }

    @Test
    void noHoldIsWatchedWithoutThatProperty() {
        this.runner.run(context -> {
            assertThat(context.getBeanProvider(LongHolds.class).getIfAvailable())
                    .isNull();
            assertThat(context.getBeanProvider(LockMonitor.class).orderedStream())
                    .singleElement()
                    .isInstanceOf(LockEvents.class);
        });
    }

    @Test
    void aTimeThatIsNotPositiveIsRefused() {
        this.runner
                .withPropertyValues("distributed-lock.warn-after=0s", "distributed-lock.locks.order.warn-after=-1s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("distributed-lock.warn-after")
                        .hasMessageContaining("distributed-lock.locks.order.warn-after"));
    }

    static class Recorder implements LockListener {

        final List<LockEvent> events = new CopyOnWriteArrayList<>();

        final List<String> threads = new CopyOnWriteArrayList<>();

        @Override
        public void onLockEvent(LockEvent event) {
            this.threads.add(Thread.currentThread().getName());
            this.events.add(event);
        }

        <T extends LockEvent> List<T> of(Class<T> type) {
            return this.events.stream().filter(type::isInstance).map(type::cast).toList();
        }

        void await(int count) {
            Awaitility.await().untilAsserted(() -> assertThat(this.events).hasSize(count));
        }
    }

    static class Locking extends Recorder {

        Locking(LockOperations locks) {
            assertThat(locks).isNotNull();
        }
    }

    @Order(0)
    static class Failing implements LockListener {

        @Override
        public void onLockEvent(LockEvent event) {
            throw new IllegalStateException("of the listener");
        }
    }

    static class FailingMethod {

        final AtomicInteger calls = new AtomicInteger();

        @EventListener
        void on(LockEvent event) {
            this.calls.incrementAndGet();
            throw new IllegalStateException("of the method");
        }
    }

    static class LocksAtStart implements SmartLifecycle {

        private final LockOperations locks;

        private boolean running;

        LocksAtStart(@Qualifier("distributedLockTemplate") LockOperations locks) {
            this.locks = locks;
        }

        @Override
        public int getPhase() {
            return Integer.MIN_VALUE + 1;
        }

        @Override
        public void start() {
            this.locks.acquire(ORDER).close();
            this.running = true;
        }

        @Override
        public void stop() {
            this.running = false;
        }

        @Override
        public boolean isRunning() {
            return this.running;
        }
    }

    static class ReleaseMethod {

        final List<LockEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void on(LockReleasedEvent event) {
            this.events.add(event);
        }
    }

    static class LossMethod {

        final List<LockEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void on(LockLostEvent event) {
            this.events.add(event);
        }
    }

    static class AllEvents implements ApplicationListener<ApplicationEvent> {

        final List<Object> events = new CopyOnWriteArrayList<>();

        @Override
        public void onApplicationEvent(ApplicationEvent event) {
            if (event instanceof PayloadApplicationEvent<?> payload && payload.getPayload() instanceof LockEvent) {
                this.events.add(payload.getPayload());
            }
        }
    }
}
