package io.github.lockspring.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Until when a tenure is proven to have its lock: the latest deadline that the store has confirmed. No command but the one
 * that lets a tenure go on shortens a lease, so that a command whose fate is unknown takes nothing away. A lease is proven
 * while the monotonic and the wall clock both say so: a suspended machine costs its real length, a clock that steps costs
 * the step. Changed by the queue's guard only; {@link #isProven} and {@link #remaining} may be asked by any thread.
 */
final class LeaseValidity {

    private final EngineClock clock;

    /** Counts how often the tenure went on, which forgets what was set before. */
    private int generation;

    private @Nullable Setting newest;

    private volatile @Nullable Setting longest;

    LeaseValidity(EngineClock clock) {
        this.clock = clock;
    }

    /** A command that sets the lease is about to be sent. */
    Setting set(Duration length, long now) {
        return new Setting(length, now, this.clock.wallTimeMillis(), this.generation);
    }

    /** The tenure begins, or goes on, with what this command has set. */
    void begin(Setting setting) {
        if (this.newest != null) {
            this.generation++;
        }
        this.newest = setting;
        this.longest = setting;
    }

    /** The store has executed the command, unless it was sent before the tenure began to go on: that may have come later. */
    void confirm(Setting setting, long now) {
        if (setting.generation != this.generation) {
            return;
        }
        Setting before = this.newest;
        if (before == null || setting.at - before.at >= 0) {
            this.newest = setting;
        }
        long wall = this.clock.wallTimeMillis();
        Setting longestBefore = this.longest;
        if (longestBefore == null || setting.left(now, wall) >= longestBefore.left(now, wall)) {
            this.longest = setting;
        }
    }

    /** How much longer both clocks prove it, not positive once one of them does not. */
    long left(long now) {
        Setting present = this.longest;
        return present != null ? present.left(now, this.clock.wallTimeMillis()) : 0;
    }

    /** How much longer it may be proven: not positive once it is certainly over. */
    long leftUntilOver(long now) {
        Setting present = this.longest;
        return present != null ? present.deadline - now : 0;
    }

    /** Whether the monotonic clock proves it while the wall clock does not: a suspension, or a clock put forward. */
    boolean isDoubtful(long now) {
        return leftUntilOver(now) > 0 && left(now) <= 0;
    }

    /** Whether at least half of it is left, as a first hold needs it. */
    boolean provesHalf(long now) {
        Setting present = this.longest;
        return present != null && wouldProveHalf(present, now);
    }

    /** The same of a lease that is not this one yet. */
    boolean wouldProveHalf(Setting setting, long now) {
        return setting.left(now, this.clock.wallTimeMillis()) >= Nanos.of(setting.length) / 2;
    }

    /** Whether it was set to this length or a longer one by a command that was sent since then. */
    boolean wasSet(Duration length, long since) {
        Setting last = this.newest;
        return last != null && last.at - since >= 0 && last.length.compareTo(length) >= 0;
    }

    /** When the newest command was sent that set it. */
    long start() {
        Setting last = this.newest;
        return last != null ? last.at : 0;
    }

    /** Whether both clocks prove the lease. Needs no guard. */
    boolean isProven() {
        Setting present = this.longest;
        return present != null && present.left(this.clock.nanoTime(), this.clock.wallTimeMillis()) > 0;
    }

    /** Whether the lease is certainly over. Needs no guard. */
    boolean isOver() {
        return leftUntilOver(this.clock.nanoTime()) <= 0;
    }

    /** Needs no guard. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, left(this.clock.nanoTime())));
    }

    /** A command that sets the lease, and the clocks before it was sent. */
    static final class Setting {

        private final Duration length;

        private final long at;

        private final long wallAtMillis;

        private final int generation;

        private final long deadline;

        private final long wallDeadlineMillis;

        private Setting(Duration length, long at, long wallAtMillis, int generation) {
            this.length = length;
            this.at = at;
            this.wallAtMillis = wallAtMillis;
            this.generation = generation;
            this.deadline = Nanos.proven(at, length);
            this.wallDeadlineMillis = Nanos.provenByWallClock(wallAtMillis, length);
        }

        /** The same command, or another of the same length, executed some time after this one was sent. */
        Setting later(Duration length, long nanos) {
            return new Setting(length, this.at + nanos, this.wallAtMillis + nanos / Nanos.MILLI, this.generation);
        }

        Duration length() {
            return this.length;
        }

        long at() {
            return this.at;
        }

        long left(long now, long wallMillis) {
            long leftByWallClock = this.wallDeadlineMillis - wallMillis;
            return Math.min(this.deadline - now, Math.min(leftByWallClock, Nanos.FOREVER / Nanos.MILLI) * Nanos.MILLI);
        }
    }
}
