package io.github.lockspring.benchmarks.jmh;

import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.observation.BoundedNames;
import io.github.lockspring.observation.LockMetrics;
import io.github.lockspring.observation.ObservedLocks;
import io.github.lockspring.observation.UnmeteredLockObservations;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
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

/** What metrics and observations add to the acquisition and release of a free lock. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class MonitorBenchmark {

    private static final LockOptions OPTIONS = LockOptions.named("order").key(4711);

    /** Who is told. */
    public enum Kind {

        /** No monitor. */
        OFF,

        /** Metrics alone. */
        METERED,

        /** Metrics and observations, as without tracing. */
        METERED_AND_OBSERVED,

        /** The same, with a handler that does nothing in place of one for traces. */
        METERED_AND_HANDLED,

        /** Observations alone, of which Micrometer's handler makes the timers. */
        OBSERVED_BY_METERS
    }

    /** Who is told. */
    @Param
    public Kind kind = Kind.OFF;

    private @Nullable DefaultLockEngine engine;

    private @Nullable LockTemplate template;

    private long inside;

    /** Makes the engine. */
    @Setup
    public void open() {
        this.engine = new DefaultLockEngine(
                new NullStore(),
                new EngineSettings(
                        "jmh",
                        Duration.ofMillis(10),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        ReleaseWait.ASYNC,
                        Runnable::run),
                monitor());
        this.template = new LockTemplate(this.engine, LockSettings.DEFAULTS);
    }

    private @Nullable LockMonitor monitor() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        BoundedNames names = new BoundedNames(LockMetrics.DEFAULT_MAX_NAMES);
        LockMetrics metrics = new LockMetrics(List::of, names);
        metrics.bindTo(meters);
        ObservationRegistry registry = ObservationRegistry.create();
        DefaultMeterObservationHandler micrometers = new DefaultMeterObservationHandler(meters);
        ObservedLocks observed = new ObservedLocks(() -> registry, null, names);
        ObservationRegistry.ObservationConfig config = registry.observationConfig();
        return switch (this.kind) {
            case OFF -> null;
            case METERED -> metrics;
            case METERED_AND_OBSERVED -> {
                config.observationHandler(new FirstMatchingCompositeObservationHandler(
                        List.of(new UnmeteredLockObservations(), micrometers)));
                yield new Both(metrics, observed);
            }
            case METERED_AND_HANDLED -> {
                ObservationHandler<Observation.Context> traces = context -> true;
                config.observationHandler(traces);
                config.observationHandler(new FirstMatchingCompositeObservationHandler(
                        List.of(new UnmeteredLockObservations(), micrometers)));
                yield new Both(metrics, observed);
            }
            case OBSERVED_BY_METERS -> {
                config.observationHandler(micrometers);
                yield observed;
            }
        };
    }

    /** Ends the timer. */
    @TearDown
    public void close() {
        Objects.requireNonNull(this.engine).close();
    }

    /**
     * A free lock: acquired from the store and given back to it.
     *
     * @return something
     */
    @Benchmark
    public long uncontended() {
        return Objects.requireNonNull(this.template).call(OPTIONS, () -> ++this.inside);
    }

    /** As the auto-configuration puts them together, though that catches what they throw. */
    private record Both(LockMonitor first, LockMonitor second) implements LockMonitor {

        @Override
        public Call begin(LockRequest request) {
            Call one = Objects.requireNonNull(this.first.begin(request));
            Call two = this.second.begin(request);
            return two == null ? one : new BothCalls(one, two);
        }
    }

    private record BothCalls(LockMonitor.Call first, LockMonitor.Call second) implements LockMonitor.Call {

        @Override
        public void acquired(long fencingToken, boolean handedOff) {
            this.first.acquired(fencingToken, handedOff);
            this.second.acquired(fencingToken, handedOff);
        }

        @Override
        public void released() {
            this.first.released();
            this.second.released();
        }
    }
}
