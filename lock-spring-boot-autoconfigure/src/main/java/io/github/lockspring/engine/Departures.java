package io.github.lockspring.engine;

import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.TenureId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes owners out of the store whose outcome there is not known: {@code leave} is repeated until it is answered, and
 * sent once more a command time-out later if there was trouble, because a command from before it may still arrive.
 */
final class Departures {

    private static final Logger log = LoggerFactory.getLogger(Departures.class);

    private static final long FIRST_PAUSE = 100 * Nanos.MILLI;

    private static final int MAX_DOUBLINGS = 5;

    /** Enough for an outage of half an hour; whatever the store still knows by then has long expired. */
    private static final int MAX_ATTEMPTS = 600;

    private final LockStore store;

    private final EngineClock clock;

    private final long commandTimeout;

    private final Set<Departure> pending = ConcurrentHashMap.newKeySet();

    Departures(LockStore store, EngineClock clock, long commandTimeout) {
        this.store = store;
        this.clock = clock;
        this.commandTimeout = commandTimeout;
    }

    /** Takes an owner out. */
    Departure leave(TenureId tenure) {
        return leave(new Departure(tenure, false));
    }

    /** The same for an owner with a command on its way that may arrive after the first {@code leave}. */
    Departure leaveTwice(TenureId tenure) {
        return leave(new Departure(tenure, true));
    }

    private Departure leave(Departure departure) {
        this.pending.add(departure);
        departure.send();
        return departure;
    }

    /** What an owner that is leaving waits for. */
    @Nullable CompletableFuture<Void> of(String owner) {
        for (Departure departure : this.pending) {
            if (departure.tenure.owner().equals(owner)) {
                return departure.done;
            }
        }
        return null;
    }

    /** Completes when everybody who is leaving now has left. */
    CompletableFuture<Void> settled() {
        return CompletableFuture.allOf(
                this.pending.stream().map(departure -> departure.done).toArray(CompletableFuture[]::new));
    }

    /** One owner that is leaving. */
    final class Departure {

        private final TenureId tenure;

        private final CompletableFuture<Void> done = new CompletableFuture<>();

        private final AtomicInteger attempt = new AtomicInteger();

        private final boolean twice;

        Departure(TenureId tenure, boolean twice) {
            this.tenure = tenure;
            this.twice = twice;
        }

        /** Done once the store has answered. */
        CompletableFuture<Void> done() {
            return this.done;
        }

        private void send() {
            int number = this.attempt.incrementAndGet();
            CompletionStage<Void> stage = StoreFailures.caught(() -> Departures.this.store.leave(this.tenure));
            EngineClock.Timer timeout = Departures.this.clock.schedule(
                    Departures.this.commandTimeout, () -> answered(number, new IllegalStateException("no answer")));
            stage.whenComplete((nothing, failure) -> {
                timeout.cancel();
                answered(number, failure);
            });
        }

        private void answered(int number, @Nullable Throwable failure) {
            if (!this.attempt.compareAndSet(number, number + 1)) {
                return;
            }
            if (failure == null) {
                finish();
                if (this.twice || number > 1) {
                    Departures.this.clock.schedule(
                            Departures.this.commandTimeout, () -> Departures.this.store.leave(this.tenure));
                }
            } else if (number > MAX_ATTEMPTS) {
                log.warn(
                        "Gave up telling the store that {} does not want {}",
                        this.tenure.owner(),
                        this.tenure.fullName());
                finish();
            } else {
                int doublings = Math.min(number / 2, MAX_DOUBLINGS);
                Departures.this.clock.schedule(FIRST_PAUSE << doublings, this::send);
            }
        }

        private void finish() {
            Departures.this.pending.remove(this);
            this.done.complete(null);
        }
    }
}
