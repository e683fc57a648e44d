package io.github.lockspring.transaction;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.ReleaseResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A lease as the test says it is; tells the journal when it is closed. */
final class FakeLease implements LockLease {

    static final Duration LEASE_TIME = Duration.ofSeconds(30);

    private final String fullName;

    private final long fencingToken;

    private final List<String> journal;

    private LockContext.Scope scope;

    /** What the engine will say came of the release. */
    final CompletableFuture<ReleaseResult> released = new CompletableFuture<>();

    final List<Duration> extensions = new ArrayList<>();

    Duration remaining = LEASE_TIME;

    boolean closed;

    boolean lost;

    RuntimeException extensionFailure;

    boolean lostByExtension;

    /** Happens while the store is asked. */
    Runnable duringExtension = () -> {};

    RuntimeException closingFailure;

    FakeLease(String fullName, long fencingToken, List<String> journal) {
        this.fullName = fullName;
        this.fencingToken = fencingToken;
        this.journal = journal;
    }

    /** As the engine gives it to a caller that waited on this thread. */
    FakeLease bound() {
        this.scope = LockContext.bind(this);
        return this;
    }

    @Override
    public String name() {
        return this.fullName;
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
        return this.fencingToken;
    }

    @Override
    public Duration remaining() {
        return isHeld() ? this.remaining : Duration.ZERO;
    }

    @Override
    public Duration leaseTime() {
        return LEASE_TIME;
    }

    @Override
    public Duration extend(Duration time) {
        this.extensions.add(time);
        this.duringExtension.run();
        this.lost |= this.lostByExtension;
        if (this.extensionFailure != null) {
            throw this.extensionFailure;
        }
        this.remaining = time;
        return time;
    }

    @Override
    public boolean isHeld() {
        return !this.closed && !this.lost;
    }

    @Override
    public boolean isLost() {
        return this.lost;
    }

    @Override
    public void ensureHeld() {
        if (this.lost) {
            throw new LeaseLostException(LockName.of(this.fullName), this.fencingToken, "the test says so");
        }
        if (this.closed) {
            throw new IllegalStateException("closed");
        }
    }

    @Override
    public void onLost(Runnable action) {
        throw new UnsupportedOperationException("no test asks for it");
    }

    @Override
    public CompletionStage<ReleaseResult> release() {
        close();
        return this.released;
    }

    @Override
    public void close() {
        if (!this.closed) {
            this.closed = true;
            this.journal.add("released " + this.fullName);
        }
        if (this.scope != null) {
            this.scope.close();
        }
        if (this.closingFailure != null) {
            throw this.closingFailure;
        }
    }
}
