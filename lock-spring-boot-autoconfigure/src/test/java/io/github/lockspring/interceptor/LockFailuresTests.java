package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LockException;
import io.github.lockspring.LockFailureHandler;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.LogCapture;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.OrderComparator;
import org.springframework.core.Ordered;

class LockFailuresTests {

    static final LockException CONTENDED = new LockNotAcquiredException(LockName.of("order"), Duration.ZERO, null);

    static final LockException STORE = new LockStoreException(LockName.of("order"), "expected", null, Outcome.UNKNOWN);

    static final LockException SHUTDOWN = new LockShutdownException(LockName.of("order"));

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

    private final LockFailures failures = new LockFailures(this.beans);

    @Test
    void skippedCallIsLoggedAtDebugOnly() throws Throwable {
        try (LogCapture log = LogCapture.debug(LockFailures.class)) {
            assertThat(answer("skipped", CONTENDED)).isNull();
            assertThat(log.said(Level.DEBUG))
                    .singleElement()
                    .asString()
                    .contains("Skipped " + Orders.class.getName() + ".skipped(String)", "'order'", "held by another");
            assertThat(log.said()).hasSize(1);
        }
    }

    @Test
    void anErrorOfAMonitorKeepsNothingFromTheOthers() throws Throwable {
        List<Integer> told = new ArrayList<>();
        this.beans.setDependencyComparator(OrderComparator.INSTANCE);
        this.beans.registerSingleton("last", new FailingMonitor(2, told));
        this.beans.registerSingleton("first", new FailingMonitor(1, told));
        assertThat(answer("skipped", CONTENDED)).isNull();
        assertThat(told).containsExactly(1, 2);
    }

    @Test
    void aMonitorThatCannotBeCreatedDoesNotReplaceTheSkip() throws Throwable {
        this.beans.registerBeanDefinition("monitor", new RootBeanDefinition(LockMonitor.class, () -> {
            throw new IllegalStateException("of the bean");
        }));
        assertThat(answer("skipped", CONTENDED)).isNull();
    }

    private record FailingMonitor(int order, List<Integer> told) implements LockMonitor, Ordered {

        @Override
        public int getOrder() {
            return this.order;
        }

        @Override
        public @Nullable Call begin(LockRequest request) {
            return null;
        }

        @Override
        public void skipped(LockNotAcquiredException failure) {
            this.told.add(this.order);
            throw new StackOverflowError("of the monitor");
        }
    }

    @Test
    void handlersAreLookedUpAtTheFirstFailureAndOnce() {
        AtomicInteger created = new AtomicInteger();
        RootBeanDefinition definition = new RootBeanDefinition(LockFailureHandler.class, () -> {
            created.incrementAndGet();
            return (call, failure) -> "handled";
        });
        definition.setScope("prototype");
        this.beans.registerBeanDefinition("handler", definition);
        assertThat(created).hasValue(0);

        assertThat(catching("thrown", CONTENDED)).isEqualTo("handled");
        assertThat(catching("thrown", STORE)).isEqualTo("handled");

        assertThat(created).hasValue(1);
    }

    @Test
    void anotherLockExceptionOfAHandlerReachesTheCaller() {
        LockFailureHandler handler = (call, failure) -> {
            throw SHUTDOWN;
        };
        this.beans.registerSingleton("handler", handler);
        assertThatThrownBy(() -> answer("thrown", CONTENDED)).isSameAs(SHUTDOWN);
    }

    @Test
    void handlerMayThrowACheckedException() {
        Exception thrown = new Exception("expected");
        LockFailureHandler handler = (call, failure) -> {
            throw thrown;
        };
        this.beans.registerSingleton("handler", handler);
        assertThatThrownBy(() -> answer("thrown", CONTENDED)).isSameAs(thrown);
    }

    /** A fallback that returns the wrapper type of a primitive result is accepted at the start. */
    @Test
    void refusesNullOfAFallbackForAPrimitiveResult() throws Throwable {
        assertThat(answer("counted", CONTENDED, "7")).isEqualTo(7);
        assertThatThrownBy(() -> answer("counted", CONTENDED, ""))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("The fallback length returned null for " + Orders.class.getName()
                        + ".counted(String), which returns int: return a value of that type or throw an exception")
                .hasCause(CONTENDED);
    }

    private Object catching(String method, LockException failure) {
        try {
            return answer(method, failure);
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    private Object answer(String method, LockException failure) throws Throwable {
        return answer(method, failure, "7");
    }

    private Object answer(String method, LockException failure, String id) throws Throwable {
        LockOperation operation = ParsedLocks.operation(Orders.class, method);
        return this.failures.answer(operation, operation.options(), new Orders(), new Object[] {id}, failure);
    }

    static class Orders {

        @DistributedLock("order")
        String thrown(String id) {
            return id;
        }

        @DistributedLock(name = "order", fallback = "length")
        int counted(String id) {
            return 0;
        }

        private Integer length(String id) {
            return id.isEmpty() ? null : Integer.valueOf(id);
        }

        @DistributedLock(name = "order", onContention = OnContention.SKIP)
        String skipped(String id) {
            return id;
        }
    }
}
