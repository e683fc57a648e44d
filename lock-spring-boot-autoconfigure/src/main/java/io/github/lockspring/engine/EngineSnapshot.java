package io.github.lockspring.engine;

import io.github.lockspring.LockSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

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

    private void read(LocalQueue queue) {
        queue.guard.see();
        Hold hold = queue.handOff.current();
        if (hold != null && !hold.ended) {
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
