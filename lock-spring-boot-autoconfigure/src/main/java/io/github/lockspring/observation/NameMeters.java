package io.github.lockspring.observation;

import io.github.lockspring.observation.LockObservation.LowCardinalityKeyNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one lock name in one registry, each registered once: no event looks one up there.
 * Those that alerts refer to are there from the first call on, with zero, since a rate does not see the step from nothing
 * to one; timers of other outcomes come with their first event.
 */
final class NameMeters {

    private final MeterRegistry registry;

    private final String name;

    final Counter contended;

    final Counter skipped;

    final Counter handOffs;

    final Counter handOvers;

    final Counter renewalFailures;

    final Timer renewalDelay;

    private final List<Gauge> gauges;

    /** By outcome: those of holds beside those of calls. */
    private final Map<LockOutcome, Timer> timers = new ConcurrentHashMap<>();

    NameMeters(MeterRegistry registry, String name, LockCounts counts) {
        this.registry = registry;
        this.name = name;
        this.contended = counter(LockMeter.CONTENDED);
        this.skipped = counter(LockMeter.SKIPPED);
        this.handOffs = counter(LockMeter.HAND_OFFS);
        this.handOvers = counter(LockMeter.HAND_OVERS);
        this.renewalFailures = counter(LockMeter.RENEWAL_FAILURES);
        this.renewalDelay = Timer.builder(LockMeter.RENEWAL_DELAY.meterName())
                .description(LockMeter.RENEWAL_DELAY.description())
                .tag(LowCardinalityKeyNames.NAME.asString(), name)
                .register(registry);
        this.gauges = List.of(
                gauge(LockMeter.HELD, counts, present -> present.held(name)),
                gauge(LockMeter.WAITING, counts, present -> present.waiting(name)));
        timer(LockOutcome.ACQUIRED);
        timer(LockOutcome.CONTENDED);
        timer(LockOutcome.STORE_FAILURE);
        timer(LockOutcome.RELEASED);
        timer(LockOutcome.LOST);
    }

    /** Removes what refers to engines; what has been counted stays. */
    void removeGauges() {
        this.gauges.forEach(this.registry::remove);
    }

    /** How long calls have taken that ended so, or holds. */
    Timer timer(LockOutcome outcome) {
        Timer known = this.timers.get(outcome);
        return known != null ? known : this.timers.computeIfAbsent(outcome, this::register);
    }

    private Timer register(LockOutcome outcome) {
        boolean ofHold = outcome == LockOutcome.RELEASED || outcome == LockOutcome.LOST;
        LockMeter meter = ofHold ? LockMeter.HOLD : LockMeter.ACQUIRE;
        return Timer.builder(meter.meterName())
                .description(meter.description())
                .tag(LowCardinalityKeyNames.NAME.asString(), this.name)
                .tag(LowCardinalityKeyNames.OUTCOME.asString(), outcome.value())
                .register(this.registry);
    }

    private Counter counter(LockMeter meter) {
        return Counter.builder(meter.meterName())
                .description(meter.description())
                .tag(LowCardinalityKeyNames.NAME.asString(), this.name)
                .register(this.registry);
    }

    private Gauge gauge(LockMeter meter, LockCounts counts, ToDoubleFunction<LockCounts> value) {
        return Gauge.builder(meter.meterName(), counts, value)
                .description(meter.description())
                .tag(LowCardinalityKeyNames.NAME.asString(), this.name)
                .strongReference(true)
                .register(this.registry);
    }
}
