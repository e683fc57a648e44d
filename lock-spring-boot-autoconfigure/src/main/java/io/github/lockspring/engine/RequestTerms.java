package io.github.lockspring.engine;

import io.github.lockspring.store.StoreCapability;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.time.Duration;

/**
 * What a request asks of the store, depending on what the callers require and on how its owner can be reached. Guarded
 * by the queue.
 */
final class RequestTerms {

    private final EngineContext engine;

    private final TenureId id;

    private final boolean fair;

    private final long since;

    /** The lease that the first caller wants. */
    private Duration lease = Duration.ZERO;

    /** When the wait time of all callers is over. */
    private long waitUntil;

    /** Whether the newest request asked for a place in the store's queue. */
    private boolean askedToQueue;

    /** The store does not see this owner's subscription. */
    private boolean passedOver;

    RequestTerms(EngineContext engine, TenureId id, boolean fair, long now) {
        this.engine = engine;
        this.id = id;
        this.fair = fair;
        this.since = now;
        this.waitUntil = now;
    }

    void wanted(Duration lease, long waitUntil) {
        this.lease = lease;
        this.waitUntil = waitUntil;
    }

    /** Whether the next request asks for a place in the store's queue. */
    private boolean mayQueue(long now) {
        return this.engine.storeCan(StoreCapability.QUEUE) && this.waitUntil - now > 0;
    }

    /** Whether a try without waiting is under way, or was answered, while a caller has come that has time to wait. */
    boolean wantsToQueue(long now) {
        return !this.askedToQueue && mayQueue(now);
    }

    boolean askedToQueue() {
        return this.askedToQueue;
    }

    /** Whether grants reach this owner by message. */
    boolean listens() {
        return this.engine.isListening() && !this.passedOver;
    }

    /**
     * The store has reported whether it passes over this owner because of a missing subscription: valid until there is
     * a new one.
     */
    void answered(boolean passedOver) {
        this.passedOver |= passedOver;
    }

    /** The subscription has come or gone: the store may see a new one. */
    void connectionChanged() {
        this.passedOver &= !this.engine.isListening();
    }

    /** The next request, which must be sent now. */
    TenureRequest nextRequest(long now) {
        boolean listening = listens();
        this.askedToQueue = mayQueue(now);
        return TenureRequest.of(this.id, this.lease)
                .fair(this.fair)
                .mayQueue(this.askedToQueue)
                .listening(listening)
                .pollInterval(listening ? this.engine.settings.pollInterval() : PollSchedule.WITHOUT_MESSAGES)
                .waited(Nanos.elapsed(this.since, now));
    }
}
