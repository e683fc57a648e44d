package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The leases that a thread runs under. */
class LockContextTests {

    private final StubLease outer = new StubLease();

    private final StubLease inner = new StubLease();

    @AfterEach
    void nothingIsBound() {
        assertThat(LockContext.find(lease -> true)).isNull();
    }

    @Test
    void isTheInnermostLease() {
        try (LockContext.Scope first = LockContext.bind(this.outer)) {
            assertThat(LockContext.current()).containsSame(this.outer);
            try (LockContext.Scope second = LockContext.bind(this.inner)) {
                assertThat(LockContext.current()).containsSame(this.inner);
                assertThat(LockContext.required()).isSameAs(this.inner);
                assertThat(second).isNotSameAs(first);
            }
            assertThat(LockContext.current()).containsSame(this.outer);
        }
    }

    @Test
    void aLeaseThatIsLostIsStillThere() {
        this.inner.lost = true;
        try (LockContext.Scope first = LockContext.bind(this.outer);
                LockContext.Scope second = LockContext.bind(this.inner)) {
            assertThat(LockContext.current()).containsSame(this.inner);
            assertThatExceptionOfType(LeaseLostException.class)
                    .isThrownBy(() -> LockContext.current().ifPresent(LockLease::ensureHeld));
            assertThat(LockContext.required()).isSameAs(this.inner);
            assertThat(second).isNotSameAs(first);
        }
    }

    @Test
    void requiresALock() {
        assertThatIllegalStateException()
                .isThrownBy(LockContext::required)
                .withMessageContaining(Thread.currentThread().getName())
                .withMessageContaining("@DistributedLock");
        assertThatIllegalStateException().isThrownBy(LockContext::ensureHeld);
    }

    /** Work inside of several locks relies on all of them. */
    @Test
    void everyLeaseMustBeHeld() {
        try (LockContext.Scope first = LockContext.bind(this.outer)) {
            LockContext.ensureHeld();
            LockContext.Scope isolation = LockContext.isolate();
            try (LockContext.Scope second = LockContext.bind(this.inner)) {
                this.outer.lost = true;
                LockContext.ensureHeld();
                isolation.close();
                assertThatExceptionOfType(LeaseLostException.class).isThrownBy(LockContext::ensureHeld);
                assertThat(second).isNotSameAs(first);
            }
        }
    }

    @Test
    void findsTheLeaseOfALock() {
        StubLease stock = new StubLease("stock:7");
        try (LockContext.Scope first = LockContext.bind(this.outer);
                LockContext.Scope second = LockContext.bind(stock);
                LockContext.Scope third = LockContext.bind(this.inner)) {
            assertThat(LockContext.current("stock", 7)).containsSame(stock);
            assertThat(LockContext.current(LockOptions.named("stock").key(7).waitForever()))
                    .containsSame(stock);
            assertThat(LockContext.current("order")).containsSame(this.inner);
            assertThat(LockContext.current("stock")).isEmpty();
            assertThat(LockContext.current("stock", 8)).isEmpty();
            stock.lost = true;
            assertThat(LockContext.current("stock", 7)).containsSame(stock);
            assertThat(third).isNotSameAs(first).isNotSameAs(second);
        }
    }

    @Test
    void bindingsMayEndInAnyOrder() {
        LockContext.Scope first = LockContext.bind(this.outer);
        LockContext.Scope second = LockContext.bind(this.inner);
        first.close();
        assertThat(LockContext.current()).containsSame(this.inner);
        second.close();
        second.close();
        assertThat(LockContext.current()).isEmpty();
    }

    @Test
    void anIsolationHidesWhatIsOutsideOfIt() {
        try (LockContext.Scope first = LockContext.bind(this.outer)) {
            LockContext.Scope isolation = LockContext.isolate();
            assertThat(LockContext.current()).isEmpty();
            try (LockContext.Scope second = LockContext.bind(this.inner)) {
                assertThat(LockContext.current()).containsSame(this.inner);
                assertThat(LockContext.find(lease -> lease == this.outer)).isNull();
                isolation.close();
                assertThat(LockContext.find(lease -> lease == this.outer)).isSameAs(this.outer);
                assertThat(second).isNotSameAs(first);
            }
            isolation.close();
            assertThat(LockContext.current()).containsSame(this.outer);
        }
    }

    @Test
    void anIsolationIsSeenAsLongAsItsOwnScopeIsOpen() throws InterruptedException {
        LockContext.Scope first = LockContext.bind(this.outer);
        LockContext.Scope isolation = LockContext.isolate();
        first.close();
        LockContext.Scope second = LockContext.bind(this.inner);
        assertThat(LockContext.current()).containsSame(this.inner);
        Thread elsewhere = new Thread(isolation::close);
        elsewhere.start();
        elsewhere.join();
        second.close();
    }

    @Test
    void endsFromAnotherThread() {
        LockContext.Scope scope = LockContext.bind(this.outer);
        assertThat(CompletableFuture.runAsync(scope::close)).succeedsWithin(Duration.ofSeconds(5));
        assertThat(LockContext.current()).isEmpty();
        try (LockContext.Scope next = LockContext.bind(this.inner)) {
            assertThat(LockContext.current()).containsSame(this.inner);
            assertThat(next).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"0 1 2", "2 1 0", "1 0 2", "1 2 0", "0 2 1", "2 0 1"})
    void aThreadKeepsNothingOfWhatAnotherThreadClosed(String order) {
        List<LockContext.Scope> scopes = new ArrayList<>();
        List<WeakReference<Object>> leases = new ArrayList<>();
        List<WeakReference<Object>> bindings = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            leases.add(bindTo(scopes));
            bindings.add(new WeakReference<>(scopes.get(i)));
        }

        for (String index : order.split(" ")) {
            int i = Integer.parseInt(index);
            closeElsewhere(scopes.set(i, null));
            awaitCollected(leases.get(i));
            awaitCollected(bindings.get(i));
            assertThat(LockContext.current().orElse(null)).isSameAs(innermostOf(scopes, leases));
        }
    }

    private static WeakReference<Object> bindTo(List<LockContext.Scope> scopes) {
        LockLease lease = new StubLease();
        scopes.add(LockContext.bind(lease));
        return new WeakReference<>(lease);
    }

    private static Object innermostOf(List<LockContext.Scope> scopes, List<WeakReference<Object>> leases) {
        for (int i = scopes.size() - 1; i >= 0; i--) {
            if (scopes.get(i) != null) {
                return leases.get(i).get();
            }
        }
        return null;
    }

    private static void closeElsewhere(LockContext.Scope scope) {
        assertThat(CompletableFuture.runAsync(scope::close)).succeedsWithin(Duration.ofSeconds(5));
    }

    private static void awaitCollected(WeakReference<Object> reference) {
        await().untilAsserted(() -> {
            System.gc();
            assertThat(reference.get()).isNull();
        });
    }

    /** Never more than a few are open, each of which is closed while others are bound and closed. */
    @Test
    void staysInOrderWhileOtherThreadsClose() throws Exception {
        ExecutorService closers = Executors.newFixedThreadPool(2);
        Semaphore room = new Semaphore(5);
        LockContext.Scope first = LockContext.bind(this.outer);
        List<WeakReference<Object>> bindings = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            room.acquire();
            LockLease lease = new StubLease();
            LockContext.Scope elsewhere = LockContext.bind(lease);
            assertThat(LockContext.current().orElse(null)).isSameAs(lease);
            closers.execute(() -> {
                elsewhere.close();
                room.release();
            });
            try (LockContext.Scope here = LockContext.bind(this.inner)) {
                assertThat(LockContext.current().orElse(null)).isSameAs(this.inner);
                assertThat(here).isNotNull();
            }
            assertThat(LockContext.find(each -> each == this.outer)).isSameAs(this.outer);
            if (i % 1_000 == 0) {
                bindings.add(new WeakReference<>(elsewhere));
            }
        }
        closers.shutdown();
        assertThat(closers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(LockContext.current().orElse(null)).isSameAs(this.outer);
        closeElsewhere(first);
        bindings.add(new WeakReference<>(first));
        first = null;

        assertThat(LockContext.current()).isEmpty();
        bindings.forEach(LockContextTests::awaitCollected);
    }

    /** Two bindings, one of which is handed to another thread; both threads spin, so that they often close at once. */
    @Test
    void nothingIsLeftWhenTwoThreadsCloseAtOnce() throws Exception {
        int rounds = 10_000;
        AtomicReference<LockContext.Scope> handed = new AtomicReference<>();
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < rounds; i++) {
                LockContext.Scope scope;
                while ((scope = handed.get()) == null) {
                    Thread.onSpinWait();
                }
                scope.close();
                handed.set(null);
            }
        });
        for (int i = 0; i < rounds; i++) {
            LockContext.Scope first = LockContext.bind(this.outer);
            LockContext.Scope second = LockContext.bind(this.inner);
            handed.set(i % 2 == 0 ? first : second);
            (i % 2 == 0 ? second : first).close();
            while (handed.get() != null && !other.isCompletedExceptionally()) {
                Thread.onSpinWait();
            }
            assertThat(stackOfThisThread().get()).isNull();
        }
        assertThat(other).succeedsWithin(Duration.ofSeconds(5));
    }

    private static AtomicReference<?> stackOfThisThread() throws ReflectiveOperationException {
        Field field = LockContext.class.getDeclaredField("INNERMOST");
        field.setAccessible(true);
        return (AtomicReference<?>) ((ThreadLocal<?>) field.get(null)).get();
    }

    @Test
    void isOfThisThreadOnly() {
        try (LockContext.Scope scope = LockContext.bind(this.outer)) {
            assertThat(CompletableFuture.supplyAsync(LockContext::current))
                    .succeedsWithin(Duration.ofSeconds(5))
                    .satisfies(found -> assertThat(found).isEmpty());
            assertThat(scope).isNotNull();
        }
    }
}
