package io.github.lockspring.benchmarks.jmh;

import io.github.lockspring.LockListener;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.autoconfigure.DistributedLockAspectAutoConfiguration;
import io.github.lockspring.autoconfigure.DistributedLockAutoConfiguration;
import io.github.lockspring.autoconfigure.LockStoreAutoConfiguration;
import io.github.lockspring.store.LockStore;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * What a listener to events, and the watch for long holds, add to the acquisition and release of a free lock in an
 * application: whoever configures nothing pays for neither.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class WatchedBenchmark {

    private static final LockOptions OPTIONS = LockOptions.named("order").key(4711);

    /** What is configured. */
    public enum Kind {

        /** Nothing. */
        NOTHING,

        /** A listener that does nothing. */
        LISTENER,

        /** A warning of holds that last for a minute. */
        WARN_AFTER
    }

    /** What is configured. */
    @Param
    public Kind kind = Kind.NOTHING;

    /** How many frames there are below the call, those of the benchmark itself not counted. */
    @Param({"0", "100"})
    public int depth;

    private @Nullable ConfigurableApplicationContext context;

    private @Nullable LockOperations locks;

    private long inside;

    /** Starts the application. */
    @Setup
    public void open() {
        this.context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .profiles(this.kind == Kind.LISTENER ? "listener" : "none")
                .properties(
                        this.kind == Kind.WARN_AFTER
                                ? Map.<String, Object>of("distributed-lock.warn-after", "1m")
                                : Map.of())
                .run();
        this.locks = this.context.getBean(LockOperations.class);
    }

    /** Stops it. */
    @TearDown
    public void close() {
        Objects.requireNonNull(this.context).close();
    }

    /**
     * A free lock: acquired from the store and given back to it.
     *
     * @return something
     */
    @Benchmark
    public long uncontended() {
        return below(this.depth);
    }

    private long below(int frames) {
        return frames > 0
                ? below(frames - 1) + 1
                : Objects.requireNonNull(this.locks).call(OPTIONS, () -> ++this.inside);
    }

    /** Locks over a store that answers at once. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DistributedLockAspectAutoConfiguration.class,
        DistributedLockAutoConfiguration.class,
        LockStoreAutoConfiguration.class
    })
    static class Application {

        @Bean
        LockStore lockStore() {
            return new NullStore();
        }

        @Bean
        @Profile("listener")
        LockListener listener() {
            return event -> {};
        }
    }
}
