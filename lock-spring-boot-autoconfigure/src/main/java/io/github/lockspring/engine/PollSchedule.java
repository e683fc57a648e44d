package io.github.lockspring.engine;

import io.github.lockspring.store.AcquireOutcome;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** When a waiting request polls: rarely if a message should arrive first, often if none can. */
final class PollSchedule {

    /** Longest pause of a request that no message can reach. */
    static final Duration WITHOUT_MESSAGES = Duration.ofMillis(250);

    private static final long SHORTEST = 25 * Nanos.MILLI;

    private static final long NEXT_IN_LINE = 250 * Nanos.MILLI;

    /** A request whose answer was lost may have got the lock, which stays blocked until that is known. */
    private static final long FIRST_RETRY = 4 * Nanos.MILLI;

    private static final long SECOND_RETRY = 50 * Nanos.MILLI;

    private static final long LONGEST_RETRY = 800 * Nanos.MILLI;

    private long pause = SHORTEST;

    private long retry = FIRST_RETRY;

    /** The pause after an answer: not past the end of the holder's lease, and jittered downwards. */
    long next(AcquireOutcome.Contended answer, boolean listening, Duration pollInterval) {
        // the next failure is a first one
        this.retry = FIRST_RETRY;
        long next;
        if (listening) {
            long interval = Nanos.of(pollInterval);
            next = answer.rank() <= 1 ? Math.min(NEXT_IN_LINE, interval) : interval;
        } else {
            next = this.pause;
            this.pause = Math.min(this.pause * 2, Nanos.of(WITHOUT_MESSAGES));
        }
        long jittered = next - ThreadLocalRandom.current().nextLong(next / 4 + 1);
        Duration remaining = answer.holder().remaining();
        return remaining == null ? jittered : Math.max(Nanos.MILLI, Math.min(jittered, Nanos.of(remaining)));
    }

    /** Whether pauses have become as long as they do without messages. */
    boolean hasPolledForLong() {
        return this.pause == Nanos.of(WITHOUT_MESSAGES);
    }

    long afterFailure() {
        long next = this.retry;
        this.retry = Math.max(SECOND_RETRY, Math.min(this.retry * 2, LONGEST_RETRY));
        return next - ThreadLocalRandom.current().nextLong(next / 4 + 1);
    }

    /** A short pause that differs from request to request, so that they do not all ask at the same time. */
    long spread() {
        return ThreadLocalRandom.current().nextLong(SHORTEST);
    }
}
