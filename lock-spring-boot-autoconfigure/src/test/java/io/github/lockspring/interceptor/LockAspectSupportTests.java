package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.util.ReflectionUtils;

class LockAspectSupportTests {

    private final RecordingLocks operations = new RecordingLocks();

    private final LockOperationSource source = new LockOperationSource(text -> text);

    @Test
    void asksForTheOperationsOnceAndNotBeforeTheFirstCall() throws Throwable {
        AtomicInteger asked = new AtomicInteger();
        LockAspectSupport support = support(() -> {
            asked.incrementAndGet();
            return this.operations;
        });
        assertThat(asked).hasValue(0);

        call(support, "place", "7");
        call(support, "place", "8");

        assertThat(asked).hasValue(1);
    }

    /** The other one may wait for a bean that this thread creates. */
    @Test
    void aFirstCallDoesNotWaitForAnotherOneThatLooksUpTheOperations() {
        AtomicBoolean first = new AtomicBoolean(true);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<LockOperations> late = new CompletableFuture<>();
        RecordingLocks others = new RecordingLocks();
        LockAspectSupport support = support(() -> {
            if (first.getAndSet(false)) {
                begun.countDown();
                return late.join();
            }
            return this.operations;
        });
        CompletableFuture<Object> waiting = CompletableFuture.supplyAsync(() -> called(support));
        CompletableFuture<Object> next =
                CompletableFuture.runAsync(() -> join(begun)).thenApplyAsync(nothing -> called(support));
        try {
            assertThat(next).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("done");
        } finally {
            late.complete(others);
        }
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("done");
        assertThat(this.operations.locked()).hasSize(2);
        assertThat(others.locked()).as("what was found first is used by all").isEmpty();
    }

    @Test
    void runsNothingWithoutOperations() {
        LockAspectSupport support = support(() -> {
            throw new IllegalStateException("not there yet");
        });

        assertThatIllegalStateException()
                .isThrownBy(() -> support.invoke(method("place"), new Orders(), new Object[] {"7"}, () -> {
                    throw new AssertionError("must not run");
                }))
                .withMessage("not there yet");
    }

    @Test
    void buildsOptionsOnceWhereNothingVaries() throws Throwable {
        LockAspectSupport support = support(() -> this.operations);
        call(support, "nightly", "7");
        LockOptions first = this.operations.last();
        call(support, "nightly", "8");
        assertThat(this.operations.last()).isSameAs(first);
    }

    @Test
    void parsesAMethodOnce() {
        Method place = method("place");
        assertThat(this.source.operation(place, Orders.class)).isSameAs(this.source.operation(place, Orders.class));
    }

    @Test
    void tellsClassesApartThatInheritAMethod() {
        Method unnamed = method("unnamed");
        assertThat(this.source.operation(unnamed, Orders.class).options().lockName())
                .isNotEqualTo(
                        this.source.operation(unnamed, Heir.class).options().lockName());
    }

    /** Of a method without a parameter for the lease, nothing is copied or changed. */
    @Test
    void leavesArgumentsAloneThatAreNotForTheLease() throws Throwable {
        Object[] args = {"7"};
        LockedBody body = new LockedBody() {

            @Override
            public Object run() {
                return args[0];
            }

            @Override
            public Object run(Object[] arguments) {
                throw new AssertionError("must not be called");
            }
        };
        assertThat(support(() -> this.operations).invoke(method("place"), new Orders(), args, body))
                .isEqualTo("7");
    }

    /** Handlers are not even looked up where no lock fails. */
    @Test
    void asksNoBeanWhereTheLockIsAcquired() throws Throwable {
        BeanFactory beans = mock(BeanFactory.class);
        LockAspectSupport support = new LockAspectSupport(this.source, () -> this.operations, beans);
        clearInvocations(beans);
        call(support, "nightly", "7");
        verifyNoInteractions(beans);
    }

    @Test
    void runsAMethodWithoutAnnotationAsItIs() throws Throwable {
        assertThat(call(support(() -> this.operations), "free", "7")).isEqualTo("done");
        assertThat(this.operations.locked()).isEmpty();
    }

    private LockAspectSupport support(Supplier<LockOperations> supplier) {
        return new LockAspectSupport(this.source, supplier, new StaticListableBeanFactory());
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private static Object called(LockAspectSupport support) {
        try {
            return call(support, "place", "7");
        } catch (Throwable ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static Object call(LockAspectSupport support, String name, String argument) throws Throwable {
        return support.invoke(method(name), new Orders(), new Object[] {argument}, () -> "done");
    }

    private static Method method(String name) {
        Method method = ReflectionUtils.findMethod(Orders.class, name, String.class);
        assertThat(method).as(name).isNotNull();
        return method;
    }

    static class Orders {

        @DistributedLock(name = "order", key = "#id")
        void place(String id) {}

        @DistributedLock("nightly")
        void nightly(String id) {}

        @DistributedLock
        void unnamed(String id) {}

        void free(String id) {}
    }

    static class Heir extends Orders {}
}
