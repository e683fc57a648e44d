package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.LockStore;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * Many threads of several engines do everything at random with a few locks. Nobody is ever inside a lock together with
 * somebody else, tokens rise in the order of entry, nobody is forgotten, and nothing is left.
 */
class StressTests {

    private static final int ENGINES = 3;

    private static final int THREADS = 6;

    private static final int CALLS = 120;

    private final ExecutorService callbacks = Executors.newCachedThreadPool();

    private final InMemoryLockStore store = new InMemoryLockStore();

    private final List<DefaultLockEngine> engines = new ArrayList<>();

    private final List<GuardedPlace> places =
            List.of(new GuardedPlace("a"), new GuardedPlace("b"), new GuardedPlace("c"));

    private boolean failuresAreExpected;

    private final ConcurrentLinkedQueue<Throwable> surprises = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        this.engines.forEach(DefaultLockEngine::close);
        this.store.close();
        this.callbacks.shutdownNow();
    }

    @Test
    void holdsWithThreads() throws Exception {
        stress(Executors.newCachedThreadPool(), new ShakyOrder(this.store));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = VirtualThreads.REASON)
    void holdsWithVirtualThreads() throws Exception {
        stress(virtualThreads(), new ShakyOrder(this.store));
    }

    @Test
    void holdsThoughCommandsFail() throws Exception {
        this.failuresAreExpected = true;
        stress(Executors.newCachedThreadPool(), new ShakyOrder(this.store, 50));
    }

    @Test
    void holdsWithFairCallers() throws Exception {
        this.places.forEach(place -> place.fair = true);
        stress(Executors.newCachedThreadPool(), new ShakyOrder(this.store));
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (InvocationTargetException ex) {
            throw new IllegalStateException(ex.getCause());
        }
    }

    private void stress(ExecutorService threads, LockStore connection) throws Exception {
        EngineSettings settings = new EngineSettings(
                "stress",
                Duration.ofMillis(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                ReleaseWait.ASYNC,
                this.callbacks);
        IntStream.range(0, ENGINES).forEach(i -> this.engines.add(new DefaultLockEngine(connection, settings)));
        List<Future<?>> callers = new ArrayList<>();
        for (int i = 0; i < ENGINES * THREADS; i++) {
            DefaultLockEngine engine = this.engines.get(i % ENGINES);
            callers.add(threads.submit(() -> callAtRandom(engine)));
        }
        for (Future<?> caller : callers) {
            caller.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertThat(this.surprises).isEmpty();
        assertThat(this.places).allSatisfy(place -> assertThat(place.entries()).isPositive());
        await().untilAsserted(() -> assertThat(this.engines).allSatisfy(engine -> {
            assertThat(engine.queues).isEmpty();
            assertThat(engine.tenures.all()).isEmpty();
        }));
        for (GuardedPlace place : this.places) {
            await().untilAsserted(() -> assertThat(
                            this.store.holder(place.name.fullName()).toCompletableFuture())
                    .isCompletedWithValueMatching(holder -> holder.isEmpty()));
        }
    }

    private void callAtRandom(DefaultLockEngine engine) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < CALLS; i++) {
            GuardedPlace place = this.places.get(random.nextInt(this.places.size()));
            try {
                switch (random.nextInt(8)) {
                    case 0 -> tryIt(engine, place);
                    case 1 -> interrupted(engine, place);
                    case 2 -> cancelled(engine, place);
                    case 3 -> asynchronous(engine, place);
                    case 4 -> impatient(engine, place);
                    default ->
                        place.enter(engine.acquire(place.request(Duration.ofSeconds(60), random.nextInt(4) > 0)));
                }
            } catch (Throwable ex) {
                if (!this.failuresAreExpected || !isOfTheStore(ex)) {
                    this.surprises.add(ex);
                }
            }
        }
    }

    private static boolean isOfTheStore(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LockStoreException) {
                return true;
            }
        }
        return false;
    }

    private void tryIt(DefaultLockEngine engine, GuardedPlace place) {
        try {
            place.enter(engine.acquire(place.request(Duration.ZERO, true)));
        } catch (LockNotAcquiredException contended) {
            assertThat(contended.getFullName()).isEqualTo(place.name.fullName());
        }
    }

    private void impatient(DefaultLockEngine engine, GuardedPlace place) {
        try {
            Duration wait = Duration.ofNanos(ThreadLocalRandom.current().nextInt(2_000_000));
            place.enter(engine.acquire(place.request(wait, true)));
        } catch (LockNotAcquiredException contended) {
            assertThat(contended.getFullName()).isEqualTo(place.name.fullName());
        }
    }

    private void interrupted(DefaultLockEngine engine, GuardedPlace place) {
        Thread thread = Thread.currentThread();
        CompletableFuture<Void> interrupt = CompletableFuture.runAsync(
                thread::interrupt,
                CompletableFuture.delayedExecutor(
                        ThreadLocalRandom.current().nextInt(1_000), TimeUnit.MICROSECONDS, this.callbacks));
        try {
            place.enter(engine.acquire(place.request(Duration.ofSeconds(60), true)));
        } catch (LockInterruptedException ex) {
            assertThat(thread.isInterrupted()).isTrue();
        } finally {
            boolean flag = Thread.interrupted();
            interrupt.join();
            flag |= Thread.interrupted();
            assertThat(flag).isTrue();
        }
    }

    private void cancelled(DefaultLockEngine engine, GuardedPlace place) {
        CompletableFuture<LockLease> asked =
                engine.acquireAsync(place.request(Duration.ofSeconds(60), true)).toCompletableFuture();
        CompletableFuture<Void> entered = asked.thenAccept(place::enter);
        if (!asked.cancel(false)) {
            entered.join();
        }
    }

    private void asynchronous(DefaultLockEngine engine, GuardedPlace place) {
        try {
            engine.acquireAsync(place.request(Duration.ofSeconds(60), true))
                    .thenAccept(place::enter)
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
        } catch (Exception ex) {
            throw new CompletionException(ex);
        }
    }

    /** Something that only one caller at a time may be in. */
    private static final class GuardedPlace {

        private final LockName name;

        private final AtomicInteger inside = new AtomicInteger();

        private boolean fair;

        /** Both change without any protection but the lock's. */
        private long lastToken;

        private int entries;

        GuardedPlace(String name) {
            this.name = LockName.of(name);
        }

        LockRequest request(Duration wait, boolean renew) {
            return new LockRequest(this.name, wait, Duration.ofSeconds(20), renew, this.fair, null);
        }

        void enter(LockLease lease) {
            try (lease) {
                assertThat(this.inside.incrementAndGet()).as("callers inside").isEqualTo(1);
                assertThat(lease.isHeld()).isTrue();
                assertThat(lease.fencingToken()).isGreaterThan(this.lastToken);
                this.lastToken = lease.fencingToken();
                this.entries++;
                Thread.yield();
                this.inside.decrementAndGet();
            }
        }

        int entries() {
            return this.entries;
        }
    }
}
