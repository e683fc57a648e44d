package io.github.lockspring.benchmarks.jmh;

import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** The engine over a store that answers at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EngineBenchmark {

    private static final LockOptions OPTIONS = LockOptions.named("order").key(4711);

    private final DefaultLockEngine engine = new DefaultLockEngine(
            new NullStore(),
            new EngineSettings(
                    "jmh",
                    Duration.ofMillis(10),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    ReleaseWait.ASYNC,
                    Runnable::run));

    private final LockTemplate template = new LockTemplate(this.engine, LockSettings.DEFAULTS);

    private long inside;

    /** Ends the timer. */
    @TearDown
    public void close() {
        this.engine.close();
    }

    /**
     * A free lock: acquired from the store and given back to it.
     *
     * @return something
     */
    @Benchmark
    public long uncontended() {
        return this.template.call(OPTIONS, () -> ++this.inside);
    }

    /**
     * The same, with its key put together each time.
     *
     * @return something
     */
    @Benchmark
    public long uncontendedWithNewKey() {
        return this.template.call(LockOptions.named("order").key(this.inside), () -> ++this.inside);
    }

    /**
     * Four threads that want one lock: it goes from one to the next.
     *
     * @return something
     */
    @Benchmark
    @Threads(4)
    public long handOff() {
        return this.template.call(OPTIONS, () -> ++this.inside);
    }

    /**
     * Within a hold, acquired once more.
     *
     * @return something
     */
    @Benchmark
    public long reentry() {
        return this.template.call(OPTIONS, () -> this.template.call(OPTIONS, () -> ++this.inside));
    }
}
