package io.github.lockspring.samples.flashsale.page;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Takes one request at a time, and none while that is carried out. */
public final class SaleRequests {

    /** What is to be done next or is being done, or one of the two other states. */
    private final AtomicReference<State> state = new AtomicReference<>(State.BUSY);

    private final AtomicReference<@Nullable SaleRequest> next = new AtomicReference<>();

    SaleRequests() {}

    /**
     * Accepts a request, or refuses it because something is going on.
     *
     * @return whether it is accepted
     */
    boolean offer(SaleRequest request) {
        if (!this.state.compareAndSet(State.OPEN, State.BUSY)) {
            return false;
        }
        this.next.set(request);
        return true;
    }

    /** Returns a request that has been accepted since, {@code null} if none has. */
    public @Nullable SaleRequest poll() {
        return this.next.getAndSet(null);
    }

    /** The latest request has been carried out: accepts the next one. */
    public void open() {
        this.state.compareAndSet(State.BUSY, State.OPEN);
    }

    /** Whether a request would be accepted. */
    public boolean isOpen() {
        return this.state.get() == State.OPEN;
    }

    /** Accepts nothing more. */
    public void close() {
        this.state.set(State.CLOSED);
    }

    public boolean isClosed() {
        return this.state.get() == State.CLOSED;
    }

    private enum State {
        OPEN,
        BUSY,
        CLOSED
    }
}
