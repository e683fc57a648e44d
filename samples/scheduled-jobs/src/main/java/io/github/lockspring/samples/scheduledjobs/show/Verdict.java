package io.github.lockspring.samples.scheduledjobs.show;

import io.github.lockspring.samples.support.Conclusion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the figures say.
 *
 * @param killInTick after which tick a process was meant to be killed, counted from 1; 0 for none
 * @param kill which one was
 * @param calledAfterKill which processes were called after that, in the same tick
 */
record Verdict(int killInTick, @Nullable Kill kill, List<Integer> calledAfterKill) {

    Conclusion of(KindResult withoutLock, KindResult withLock) {
        List<String> complaints = new ArrayList<>();
        if (withoutLock.runMoreThanOnce() == 0) {
            complaints.add("Without lock no tick was run more than once, so this run proves nothing.");
        }
        complaints.addAll(complaints(withLock));
        complaints.addAll(complaintsAboutKill());
        return new Conclusion(success(withoutLock, withLock), complaints);
    }

    private static List<String> complaints(KindResult withLock) {
        List<String> complaints = new ArrayList<>();
        if (withLock.runMoreThanOnce() > 0) {
            complaints.add("With the lock " + withLock.runMoreThanOnce() + " ticks were run more than once. "
                    + (withLock.driftMillis() < ScheduledJobsProperties.HOLD_AT_LEAST.toMillis()
                            ? "Is distributed-lock.enabled=false, or distributed-lock.locks.report.hold-at-least too"
                                    + " short?"
                            : "Schedules were " + withLock.driftMillis() + " ms apart, which is not less than the time"
                                    + " to hold at least: the machine is too busy for this sample."));
        }
        if (withLock.notRun() > 0) {
            complaints.add("With the lock " + withLock.notRun() + " ticks were not run. Is"
                    + " distributed-lock.locks.report.hold-at-least, or distributed-lock.lease-time, longer than a"
                    + " tick?");
        }
        return complaints;
    }

    private List<String> complaintsAboutKill() {
        if (this.killInTick == 0) {
            return List.of();
        }
        if (this.kill == null) {
            return List.of("No process was killed, because none has run the job with the lock in tick "
                    + this.killInTick + ".");
        }
        return this.calledAfterKill.isEmpty()
                ? List.of("No process was called in tick " + this.killInTick + " after one was killed, so this run does"
                        + " not show that the lock outlives its process: a longer scheduled-jobs.drift makes that"
                        + " likelier.")
                : List.of();
    }

    private String success(KindResult withoutLock, KindResult withLock) {
        String killed = this.kill == null
                ? ""
                : " Process " + this.kill.process() + " was killed right after it had run tick " + this.killInTick
                        + "; processes " + this.calledAfterKill + ", called after that, skipped this tick, and the"
                        + " next one was run by process " + runnerAfterKill(withLock) + ".";
        return "Without lock, " + withoutLock.runMoreThanOnce() + " of "
                + withoutLock.ticks().size()
                + " ticks were run more than once. With @DistributedLock, each tick was run once, although the job"
                + " takes about a millisecond." + killed;
    }

    private List<Integer> runnerAfterKill(KindResult withLock) {
        return withLock.ticks().get(this.killInTick).writers();
    }
}
