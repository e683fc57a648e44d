package io.github.lockspring.engine;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Asks once more, after a pause, when a request has failed. Guarded by the queue. */
final class Retry {

    private final EngineContext engine;

    private final QueueGuard guard;

    private final LongConsumer action;

    private final PollSchedule pauses = new PollSchedule();

    private EngineClock.@Nullable Timer timer;

    /** Tells a timer that was cancelled too late from the one that followed it. */
    private long number;

    Retry(EngineContext engine, QueueGuard guard, LongConsumer action) {
        this.engine = engine;
        this.guard = guard;
        this.action = action;
    }

    boolean isScheduled() {
        return this.timer != null;
    }

    void schedule() {
        long mine = ++this.number;
        this.timer = this.engine
                .clock()
                .schedule(
                        this.pauses.afterFailure(),
                        () -> this.guard.run(now -> {
                            if (this.timer != null && mine == this.number) {
                                this.timer = null;
                                this.action.accept(now);
                            }
                        }));
    }

    void cancel() {
        EngineClock.Timer scheduled = this.timer;
        if (scheduled != null) {
            scheduled.cancel();
            this.timer = null;
        }
    }

    /** Pauses begin anew. */
    void answered() {
        this.pauses.answered();
    }
}
