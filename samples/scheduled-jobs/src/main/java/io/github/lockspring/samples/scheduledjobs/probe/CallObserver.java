package io.github.lockspring.samples.scheduledjobs.probe;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import io.github.lockspring.samples.scheduledjobs.job.Tick;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.time.Clock;
import org.springframework.scheduling.support.ScheduledTaskObservationContext;

/** Tells the show of each call of a scheduled method once it has returned: Spring observes them outside of the lock. */
final class CallObserver implements ObservationHandler<ScheduledTaskObservationContext> {

    private static final Object START = Start.class;

    private final Clock clock;

    private final int process;

    CallObserver(Clock clock, int process) {
        this.clock = clock;
        this.process = process;
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof ScheduledTaskObservationContext;
    }

    @Override
    public void onStart(ScheduledTaskObservationContext context) {
        context.put(START, new Start(Tick.nearest(this.clock.instant()), System.currentTimeMillis()));
    }

    @Override
    public void onStop(ScheduledTaskObservationContext context) {
        boolean locked = context.getMethod().isAnnotationPresent(DistributedLock.class);
        Start start = context.getRequired(START);
        Throwable error = context.getError();
        new Call(
                        locked ? ReportKind.WITH_LOCK : ReportKind.WITHOUT_LOCK,
                        start.tick(),
                        this.process,
                        start.millis(),
                        error == null ? "" : error.toString())
                .toEvent()
                .send();
    }

    private record Start(long tick, long millis) {}
}
