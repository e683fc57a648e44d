package io.github.lockspring.interceptor;

import static org.mockito.Mockito.mock;

import io.github.lockspring.LockCallback;
import io.github.lockspring.LockException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockTask;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Writes down what happens, and lets everybody have every lock that is not refused. */
final class RecordingLocks implements LockOperations {

    private final List<String> events = new CopyOnWriteArrayList<>();

    private final List<LockOptions> asked = new CopyOnWriteArrayList<>();

    private final Map<String, LockException> refused = new ConcurrentHashMap<>();

    private final List<LockLease> leases = new CopyOnWriteArrayList<>();

    /** Fails calls for the locks of a name. */
    void refuse(String name, LockException failure) {
        this.refused.put(name, failure);
    }

    /** The lease of the lock that was locked last. */
    LockLease lastLease() {
        return this.leases.get(this.leases.size() - 1);
    }

    /** Everything in its order, {@code lock} and {@code unlock} with the full name. */
    List<String> events() {
        return this.events;
    }

    /** Full names of what was locked. */
    List<String> locked() {
        return this.events.stream()
                .filter(event -> event.startsWith("lock "))
                .map(event -> event.substring("lock ".length()))
                .toList();
    }

    /** What was asked for last. */
    LockOptions last() {
        return this.asked.get(this.asked.size() - 1);
    }

    /** Whether a call is under way. */
    boolean isLocked() {
        return !this.events.isEmpty() && this.events.get(this.events.size() - 1).startsWith("lock ");
    }

    @Override
    public <T, E extends Throwable> T call(LockOptions options, LockCallback<T, E> callback) throws E {
        this.asked.add(options);
        LockException refusal = this.refused.get(options.lockName().name());
        if (refusal != null) {
            throw refusal;
        }
        this.events.add("lock " + options.lockName().fullName());
        LockLease lease = mock(LockLease.class);
        this.leases.add(lease);
        try {
            return callback.doInLock(lease);
        } finally {
            this.events.add("unlock " + options.lockName().fullName());
        }
    }

    @Override
    public <E extends Throwable> boolean tryRun(LockOptions options, LockTask<E> task) {
        throw new UnsupportedOperationException("this double only executes");
    }

    @Override
    public <T> Optional<T> tryExecute(LockOptions options, Function<? super LockLease, ? extends T> work) {
        throw new UnsupportedOperationException("this double only executes");
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
    public <T> CompletionStage<T> executeAsync(
            LockOptions options, Function<? super LockLease, ? extends CompletionStage<T>> work) {
        throw new UnsupportedOperationException("this double only executes");
    }

    @Override
    public Optional<LockHolder> holder(LockOptions options) {
        throw new UnsupportedOperationException("this double only executes");
    }
}
