package io.github.lockspring.engine;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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

    /** When the present hold ends at the latest; {@code null} if there is no such time. */
    private volatile @Nullable Limit limit;

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

    /** A hold begins. */
    void holdBegins(LockRequest request, long now) {
        if (!request.maxHoldTime().equals(LockDurations.FOREVER)) {
            this.limit = new Limit(request.maxHoldTime(), now + Nanos.of(request.maxHoldTime()));
        }
    }

    void holdEnds() {
        if (this.limit != null) {
            this.limit = null;
        }
    }

    /** How much longer both clocks prove it, not positive once one of them does not. */
    long left(long now) {
        return limited(this.longest.left(now, this.clock.wallTimeMillis()), now);
    }

    /** How much longer it may be proven: not positive once it is certainly over. */
    long leftUntilOver(long now) {
        return limited(this.longest.deadline - now, now);
    }

    private long limited(long left, long now) {
        Limit end = this.limit;
        return end == null ? left : Math.min(left, end.deadline - now);
    }

    /** The time that a lease has to be set to, so that it lasts this long, but hardly longer than the hold may. */
    Duration limited(Duration length, long now) {
        Limit end = this.limit;
        if (end == null) {
            return length;
        }
        long left = end.deadline - now;
        return Duration.ofNanos(Math.min(Nanos.of(length), left + left / 50 + 20 * Nanos.MILLI));
    }

    /** Whether it lasts as long as the present hold may. */
    boolean reachesLimit() {
        Limit end = this.limit;
        return end != null && this.longest.deadline - end.deadline >= 0;
    }

    /** The longest time of the present hold, if that is over; otherwise {@code null}. */
    @Nullable Duration passedLimit(long now) {
        Limit end = this.limit;
        return end != null && end.deadline - now <= 0 ? end.time : null;
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
     * its lease time, set since the hold before ended. In both cases it lasts as long as others must be kept out.
     */
    boolean covers(LockRequest request, long idleSince, long now) {
        if (!request.renew()) {
            return isSetTo(request.timeToLive(), idleSince, now);
        }
        long length = Nanos.of(request.leaseTime());
        return left(now) >= length - length / 3 - length / 50 - 20 * Nanos.MILLI
                && (request.holdAtLeast().isZero() || isSetTo(request.holdAtLeast(), idleSince, now));
    }

    private boolean isSetTo(Duration length, long idleSince, long now) {
        long left = left(now);
        boolean setSince = this.newest.at - idleSince >= 0 && this.newest.length.compareTo(length) >= 0;
        return left >= Nanos.of(length) || left > 0 && setSince;
    }

    /** Whether a first hold may begin: at least half of the lease is left, and others are kept out for long enough. */
    boolean allowsFirst(LockRequest request, long now) {
        return provesHalf(now)
                && (request.holdAtLeast().isZero() || isSetTo(request.holdAtLeast(), this.newest.at, now));
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

    /** The longest time of a hold, and when it is over. */
    private record Limit(Duration time, long deadline) {}

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
