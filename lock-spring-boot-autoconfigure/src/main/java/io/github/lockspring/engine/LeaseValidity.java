package io.github.lockspring.engine;

import io.github.lockspring.LockRequest;
import java.time.Duration;

/**
 * Until when a tenure is proven to have its lock: the latest deadline that the store has confirmed. Only the command
 * that lets a tenure go on can shorten a lease, so a command with an unknown outcome does not reduce it. A lease is
 * proven while the monotonic and the wall clock both say so: a suspended machine reduces it by the real length of the
 * suspension, a clock that steps by the step. Changed inside the queue's guard only; {@link #isProven} and {@link
 * #remaining} may be asked by any thread.
 */
final class LeaseValidity {

    private final EngineClock clock;

    private Setting newest;

    private volatile Setting longest;

    /**
     * Creates a lease.
     *
     * @param none what {@link #none} has returned: a lease begins without being set
     */
    LeaseValidity(EngineClock clock, Setting none) {
        this.clock = clock;
        this.newest = none;
        this.longest = none;
    }

    /** A lease that is over from now on. */
    static Setting none(long now) {
        return new Setting(Duration.ZERO, now, 0, 0);
    }

    /**
     * A command that sets the lease is about to be sent; the one that lets the tenure go on forgets what was set
     * before.
     */
    Setting sending(Duration length, boolean goesOn, long now) {
        return new Setting(length, now, this.clock.wallTimeMillis(), this.newest.generation + (goesOn ? 1 : 0));
    }

    /** The tenure begins, or goes on, with what this command has set. */
    void begin(Setting setting) {
        this.newest = setting;
        this.longest = setting;
    }

    /**
     * The store has executed the command, unless it was sent before the tenure began to go on: that may have come
     * later.
     */
    void confirm(Setting setting, long now) {
        if (setting.generation != this.newest.generation) {
            return;
        }
        if (setting.at - this.newest.at >= 0) {
            this.newest = setting;
        }
        long wall = this.clock.wallTimeMillis();
        if (setting.left(now, wall) >= this.longest.left(now, wall)) {
            this.longest = setting;
        }
    }

    /** How much longer both clocks prove it, not positive once one of them does not. */
    long left(long now) {
        return this.longest.left(now, this.clock.wallTimeMillis());
    }

    /** How much longer it may be proven: not positive once it is certainly over. */
    long leftUntilOver(long now) {
        return this.longest.deadline - now;
    }

    /** Whether the monotonic clock proves it while the wall clock does not: a suspension, or a clock put forward. */
    boolean isDoubtful(long now) {
        return leftUntilOver(now) > 0 && left(now) <= 0;
    }

    /** Whether at least half of it is left, as a first hold needs it. */
    boolean provesHalf(long now) {
        return wouldProveHalf(this.longest, now);
    }

    /** The same for a lease that does not apply yet. */
    boolean wouldProveHalf(Setting setting, long now) {
        return setting.left(now, this.clock.wallTimeMillis()) >= Nanos.of(setting.length) / 2;
    }

    /**
     * Whether what is left is enough for a hold to begin: its lease time less one renewal period or, without renewal,
     * its lease time, set since the hold before ended.
     */
    boolean covers(LockRequest request, long idleSince, long now) {
        long left = left(now);
        long length = Nanos.of(request.leaseTime());
        if (request.renew()) {
            return left >= length - length / 3 - length / 50 - 20 * Nanos.MILLI;
        }
        boolean setSince = this.newest.at - idleSince >= 0 && this.newest.length.compareTo(request.leaseTime()) >= 0;
        return left >= length || left > 0 && setSince;
    }

    /** When the newest command was sent that set it. */
    long start() {
        return this.newest.at;
    }

    /** Whether both clocks prove the lease. Needs no guard. */
    boolean isProven() {
        return left(this.clock.nanoTime()) > 0;
    }

    /** Needs no guard. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, left(this.clock.nanoTime())));
    }

    /** A command that sets the lease, the clocks before it was sent, and how often the tenure has gone on by then. */
    record Setting(
            Duration length, long at, long wallAtMillis, int generation, long deadline, long wallDeadlineMillis) {

        Setting(Duration length, long at, long wallAtMillis, int generation) {
            this(
                    length,
                    at,
                    wallAtMillis,
                    generation,
                    Nanos.proven(at, length),
                    Nanos.provenByWallClock(wallAtMillis, length));
        }

        /** A lease that the store has set by itself, some time after this command was sent. */
        Setting executedAfter(long nanos, Duration length) {
            return new Setting(length, this.at + nanos, this.wallAtMillis + nanos / Nanos.MILLI, this.generation);
        }

        long left(long now, long wallMillis) {
            long leftByWallClock = this.wallDeadlineMillis - wallMillis;
            return Math.min(this.deadline - now, Math.min(leftByWallClock, Nanos.FOREVER / Nanos.MILLI) * Nanos.MILLI);
        }
    }
}
