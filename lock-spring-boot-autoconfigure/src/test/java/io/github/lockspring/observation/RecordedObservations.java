package io.github.lockspring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Which observations of locks have begun and ended: a leak would begin only, and one of two ends fails. */
final class RecordedObservations implements ObservationHandler<LockObservationContext> {

    private final List<LockObservationContext> running = new CopyOnWriteArrayList<>();

    private final List<LockObservationContext> ended = new CopyOnWriteArrayList<>();

    @Override
    public void onStart(LockObservationContext context) {
        this.running.add(context);
    }

    @Override
    public void onStop(LockObservationContext context) {
        if (!this.running.remove(context)) {
            throw new AssertionError("Stopped twice, or never started: " + context);
        }
        this.ended.add(context);
    }

    @Override
    public void onScopeOpened(LockObservationContext context) {
        throw new AssertionError("A scope was opened: " + context);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof LockObservationContext;
    }

    List<String> running() {
        return this.running.stream().map(Observation.Context::getName).toList();
    }

    List<LockObservationContext> ended(String name) {
        return this.ended.stream()
                .filter(context -> name.equals(context.getName()))
                .toList();
    }
}
