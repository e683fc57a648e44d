package io.github.lockspring.engine;

import io.github.lockspring.LockEngineStatus;
import io.github.lockspring.LockSnapshot;
import io.github.lockspring.store.StoreReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the callers of an engine hold and wait for, without a guard: the state that a guard was last left with is
 * seen, and what is changing now may be seen or not. A caller that leaves its queue at this moment may hide those behind
 * it.
 */
final class EngineSnapshot {

    private final List<LockSnapshot.Held> held = new ArrayList<>();

    private final List<LockSnapshot.Waiting> waiting = new ArrayList<>();

    private final long now;

    private EngineSnapshot(long now) {
        this.now = now;
    }

    static LockSnapshot of(Collection<LocalQueue> queues, long now) {
        EngineSnapshot snapshot = new EngineSnapshot(now);
        queues.forEach(snapshot::read);
        return new LockSnapshot(snapshot.held, snapshot.waiting);
    }

    static LockEngineStatus status(EngineContext engine, Collection<LocalQueue> queues) {
        Duration late = latestRenewal(queues, engine.clock.nanoTime());
        StoreReport report = engine.store.report();
        return new LockEngineStatus(
                engine.store.toString(),
                engine.isListening(),
                late,
                report.details(),
                report.problems(),
                report.available());
    }

    /** For how long the renewal of a hold has been due that is most overdue; zero if none is. */
    private static Duration latestRenewal(Collection<LocalQueue> queues, long now) {
        long late = 0;
        for (LocalQueue queue : queues) {
            Hold hold = present(queue);
            late = hold == null ? late : Math.max(late, hold.tenure.renewer.lateBy(now));
        }
        return Duration.ofNanos(late);
    }

    private static @Nullable Hold present(LocalQueue queue) {
        queue.guard.see();
        Hold hold = queue.handOff.current();
        return hold == null || hold.ended ? null : hold;
    }

    private void read(LocalQueue queue) {
        Hold hold = present(queue);
        if (hold != null) {
            this.held.add(new LockSnapshot.Held(
                    hold.name(),
                    hold.tenure.state.id.owner(),
                    hold.fencingToken,
                    since(hold.since),
                    hold.remaining(),
                    hold.thread));
        }
        for (Waiter each = queue.waiters.first(); each != null; each = each.next) {
            if (!each.settled()) {
                this.waiting.add(new LockSnapshot.Waiting(
                        each.request.name(), Duration.ofNanos(Math.max(0, each.waited(this.now))), each.thread()));
            }
        }
    }

    private Duration since(long then) {
        return Nanos.elapsed(then, this.now);
    }
}
