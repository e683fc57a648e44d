package io.github.lockspring.interceptor;

import static org.mockito.Mockito.mock;

import io.github.lockspring.LockCallback;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Runs everything at once and remembers what was asked for. */
final class RecordingOperations implements LockOperations {

    private final List<LockOptions> calls = new ArrayList<>();

    private boolean locked;

    List<String> fullNames() {
        return this.calls.stream().map(options -> options.lockName().fullName()).toList();
    }

    LockOptions last() {
        return this.calls.get(this.calls.size() - 1);
    }

    boolean isLocked() {
        return this.locked;
    }

    @Override
    public <T, E extends Throwable> T call(LockOptions options, LockCallback<T, E> callback) throws E {
        this.calls.add(options);
        this.locked = true;
        try {
            return callback.doInLock(mock(LockLease.class));
        } finally {
            this.locked = false;
        }
    }

    @Override
    public LockLease acquire(LockOptions options) {
        throw new UnsupportedOperationException("this double only executes");
    }

    @Override
    public LockLease acquireUninterruptibly(LockOptions options) {
        throw new UnsupportedOperationException("this double only executes");
    }

    @Override
    public Optional<LockLease> tryAcquire(LockOptions options, Duration waitTime) {
        throw new UnsupportedOperationException("this double only executes");
    }

    @Override
    public CompletionStage<LockLease> acquireAsync(LockOptions options) {
        throw new UnsupportedOperationException("this double only executes");
    }

    @Override
    public CompletionStage<Optional<LockLease>> tryAcquireAsync(LockOptions options, Duration waitTime) {
        throw new UnsupportedOperationException("this double only executes");
    }

    @Override
    public Optional<LockHolder> holder(LockOptions options) {
        throw new UnsupportedOperationException("this double only executes");
    }
}
