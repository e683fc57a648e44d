package io.github.lockspring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A lease of {@code order} as the test says it is. */
final class StubLease implements LockLease {

    private final String fullName;

    int closed;

    boolean lost;

    /** As if only closing it had shown that it was lost. */
    boolean lostWhenClosed;

    RuntimeException closingFailure;

    final List<Runnable> lossListeners = new ArrayList<>();

    StubLease() {
        this("order");
    }

    StubLease(String fullName) {
        this.fullName = fullName;
    }

    @Override
    public String name() {
        return "order";
    }

    @Override
    public String key() {
        return null;
    }

    @Override
    public String fullName() {
        return this.fullName;
    }

    @Override
    public long fencingToken() {
        return 4711;
    }

    @Override
    public Duration remaining() {
        return isHeld() ? Duration.ofSeconds(1) : Duration.ZERO;
    }

    @Override
    public Duration leaseTime() {
        return Duration.ofSeconds(30);
    }

    @Override
    public Duration extend(Duration time) {
        return time;
    }

    @Override
    public boolean isHeld() {
        return this.closed == 0 && !this.lost;
    }

    @Override
    public boolean isLost() {
        return this.lost;
    }

    @Override
    public void ensureHeld() {
        if (this.lost) {
            throw new LeaseLostException(LockName.of("order"), fencingToken(), "the test says so");
        }
        if (this.closed > 0) {
            throw new IllegalStateException("closed");
        }
    }

    @Override
    public void onLost(Runnable action) {
        this.lossListeners.add(action);
    }

    @Override
    public CompletionStage<ReleaseResult> release() {
        throw new UnsupportedOperationException("no test asks for it");
    }

    @Override
    public void close() {
        this.closed++;
        this.lost |= this.lostWhenClosed;
        if (this.closingFailure != null) {
            throw this.closingFailure;
        }
    }
}
