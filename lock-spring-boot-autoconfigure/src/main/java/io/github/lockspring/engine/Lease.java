package io.github.lockspring.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Until when a tenure is proven to have its lock. Every command that sets the time to live is noted before it is sent:
 * as long as it may still be executed, perhaps after the ones that follow it, the proof reaches no further than it
 * would leave. Changed by the queue's guard only; {@link #isProven} and {@link #remaining} may be asked by anybody.
 */
final class Lease {

    private final EngineContext engine;

    /** Commands that may yet set the lease, or have set it at an unknown time. */
    private final List<Setting> unsettled = new ArrayList<>(1);

    private @Nullable Setting confirmed;

    private volatile long deadline;

    /** Suspensions that the confirmation knows of. */
    private volatile long epoch;

    Lease(EngineContext engine) {
        this.engine = engine;
    }

    /** A command that sets the lease is about to be sent. */
    Setting set(Duration length, long now) {
        Setting setting = new Setting(length, now, this.engine.suspensions().known());
        this.unsettled.add(setting);
        prove();
        return setting;
    }

    /** The tenure begins with what this command has set. */
    void begin(Setting setting) {
        this.unsettled.remove(setting);
        confirmedBy(setting);
    }

    /** The tenure begins with a grant. */
    void begin(Duration length, long start) {
        confirmedBy(new Setting(length, start, this.engine.suspensions().known()));
    }

    /** The command was executed; what was answered before it was sent cannot come after it. */
    void confirm(Setting setting) {
        this.unsettled.remove(setting);
        Setting before = this.confirmed;
        if (before == null || setting.at - before.at >= 0) {
            this.unsettled.removeIf(other -> other.answered && other.answeredAt - setting.at <= 0);
            confirmedBy(setting);
        } else {
            prove();
        }
    }

    /** The command was certainly not executed, or certainly before the tenure began. */
    void forget(Setting setting) {
        this.unsettled.remove(setting);
        prove();
    }

    /** The command was executed, but nobody knows whether before or after the one that was confirmed. */
    void answeredLate(Setting setting, long now) {
        setting.answered = true;
        setting.answeredAt = now;
    }

    /** Nobody knows whether the command was executed, or will be. */
    void unanswered(Setting setting) {
        setting.unknown = true;
        boolean known = this.unsettled.stream()
                .anyMatch(other -> other != setting
                        && other.unknown
                        && other.at - setting.at <= 0
                        && other.length.compareTo(setting.length) <= 0);
        if (known) {
            this.unsettled.remove(setting);
        }
    }

    private void confirmedBy(Setting setting) {
        this.confirmed = setting;
        this.epoch = setting.epoch;
        prove();
    }

    private void prove() {
        Setting latest = this.confirmed;
        if (latest == null) {
            return;
        }
        long end = Nanos.proven(latest.at, latest.length);
        for (Setting setting : this.unsettled) {
            long from = setting.at - latest.at > 0 ? setting.at : latest.at;
            long other = Nanos.proven(from, setting.length);
            end = other - end < 0 ? other : end;
        }
        this.deadline = end;
    }

    /** When the command was sent that set it. */
    long start() {
        Setting latest = this.confirmed;
        return latest != null ? latest.at : 0;
    }

    Duration length() {
        Setting latest = this.confirmed;
        return latest != null ? latest.length : Duration.ZERO;
    }

    /** The longest time for which nobody looks after it. */
    long third() {
        return Nanos.of(length()) / 3;
    }

    /** How much longer it is proven, not positive once it is over. */
    long left(long now) {
        return this.deadline - now;
    }

    /** The same, as if no other command could set it any more: what another renewal would not improve. */
    long leftAsSet(long now) {
        return left(now) <= 0 ? 0 : Nanos.proven(start(), length()) - now;
    }

    /** Whether at least half of the lease is left, as a first hold needs it. */
    boolean provesHalf(long now) {
        return !doubtful() && leftAsSet(now) >= Nanos.of(length()) / 2;
    }

    /** Whether the process was suspended, for who knows how long, since the lease was confirmed. */
    boolean doubtful() {
        return this.epoch != this.engine.suspensions().known();
    }

    /** Whether a command without answer may leave it in the store although it is over here. */
    boolean mayLinger() {
        return !this.unsettled.isEmpty();
    }

    /** Whether the clocks still prove the lease. Needs no guard. */
    boolean isProven() {
        long now = this.engine.clock().nanoTime();
        return left(now) > 0 && this.epoch == this.engine.suspensions().seen(now);
    }

    /** Needs no guard. */
    Duration remaining() {
        return isProven() ? Nanos.left(this.deadline, this.engine.clock().nanoTime()) : Duration.ZERO;
    }

    /** A command that sets the lease. */
    static final class Setting {

        private final Duration length;

        private final long at;

        private final long epoch;

        private boolean unknown;

        private boolean answered;

        private long answeredAt;

        private Setting(Duration length, long at, long epoch) {
            this.length = length;
            this.at = at;
            this.epoch = epoch;
        }

        Duration length() {
            return this.length;
        }

        long at() {
            return this.at;
        }

        long epoch() {
            return this.epoch;
        }
    }
}
