package io.github.lockspring.benchmarks.jmh;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.interceptor.LockAspectSupport;
import io.github.lockspring.interceptor.LockInterceptor;
import io.github.lockspring.interceptor.LockOperationSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** What the annotation costs: the same lock with and without it, over a store that answers at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KeyEvaluationBenchmark {

    private final DefaultLockEngine engine = new DefaultLockEngine(
            new NullStore(),
            new EngineSettings(
                    "jmh",
                    Duration.ofMillis(10),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    ReleaseWait.ASYNC,
                    Runnable::run));

    private final LockOperations operations = new LockTemplate(this.engine, LockSettings.DEFAULTS);

    private final Service plain = new Service();

    private final Service proxied = proxied(this.operations);

    private final Order order = new Order(4711, "north");

    private static Service proxied(LockOperations operations) {
        ProxyFactory factory = new ProxyFactory(new Service());
        factory.setProxyTargetClass(true);
        factory.addAdvice(new LockInterceptor(new LockAspectSupport(
                new LockOperationSource(text -> text), () -> operations, new DefaultListableBeanFactory())));
        return (Service) factory.getProxy();
    }

    /** Ends the timer. */
    @TearDown
    public void close() {
        this.engine.close();
    }

    /**
     * Without any lock.
     *
     * @return something
     */
    @Benchmark
    public long unlocked() {
        return this.plain.oneKey(this.order);
    }

    /**
     * By hand: the same key through the template.
     *
     * @return something
     */
    @Benchmark
    public long template() {
        return this.operations.call(
                LockOptions.named("order").key(this.order.id()), () -> this.plain.oneKey(this.order));
    }

    /**
     * By the annotation.
     *
     * @return something
     */
    @Benchmark
    public long annotation() {
        return this.proxied.oneKey(this.order);
    }

    /**
     * By the annotation, with a key of two parts.
     *
     * @return something
     */
    @Benchmark
    public long annotationWithTwoKeys() {
        return this.proxied.twoKeys(this.order);
    }

    /** What the key is taken from. */
    public record Order(long id, String region) {}

    /** What is locked. */
    public static class Service {

        /**
         * Locked by one key.
         *
         * @param order gives the key
         * @return something
         */
        @DistributedLock(name = "order", key = "#order.id")
        public long oneKey(Order order) {
            return order.id() + 1;
        }

        /**
         * Locked by two keys.
         *
         * @param order gives the keys
         * @return something
         */
        @DistributedLock(
                name = "order",
                key = {"#order.region", "#order.id"})
        public long twoKeys(Order order) {
            return order.id() + 1;
        }
    }
}
