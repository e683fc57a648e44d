package io.github.lockspring.transaction;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockRequest;
import io.github.lockspring.reactive.ReactiveLockContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The holds that were acquired inside one reactive transaction. Kept among its synchronizations, which Spring sets aside
 * while the transaction is suspended, and among the resources of its context, where what suspends it finds them.
 * Thread-safe.
 */
final class ReactiveDeferredReleases implements TransactionSynchronization {

    /** Those of all transactions of one context that have not completed, the innermost one last. */
    private static final class OfContext extends CopyOnWriteArrayList<ReactiveDeferredReleases> {

        private static final long serialVersionUID = 1L;
    }

    private final TransactionSynchronizationManager transaction;

    private final OfContext all;

    private final Executor executor;

    private final DeferredHolds holds = new DeferredHolds();

    /** The last pipeline that has asked for each lock. Guarded by this. */
    private final Map<Lock, Turn> turns = new HashMap<>();

    private volatile boolean leftToTheLast;

    private record Lock(LockOperations locks, String fullName) {}

    private ReactiveDeferredReleases(TransactionSynchronizationManager transaction, OfContext all, Executor executor) {
        this.transaction = transaction;
        this.all = all;
        this.executor = executor;
    }

    /** Those of a transaction whose synchronization is active. */
    static ReactiveDeferredReleases of(TransactionSynchronizationManager transaction, Executor executor) {
        // pipelines of one transaction may run at the same time
        synchronized (ReactiveDeferredReleases.class) {
            for (TransactionSynchronization candidate : transaction.getSynchronizations()) {
                if (candidate instanceof ReactiveDeferredReleases releases) {
                    return releases;
                }
            }
            OfContext all = (OfContext) transaction.getResource(OfContext.class);
            if (all == null) {
                all = new OfContext();
                transaction.bindResource(OfContext.class, all);
            }
            ReactiveDeferredReleases releases = new ReactiveDeferredReleases(transaction, all, executor);
            all.add(releases);
            transaction.registerSynchronization(releases);
            return releases;
        }
    }

    /** A lock that the transaction, or one that it suspends, keeps: {@code null} if it is not held. */
    static @Nullable LockLease kept(
            TransactionSynchronizationManager transaction, LockOperations locks, String fullName) {
        OfContext all = (OfContext) transaction.getResource(OfContext.class);
        LockLease kept = null;
        if (all != null) {
            for (ReactiveDeferredReleases releases : all) {
                LockLease held = releases.holds.held(locks, fullName);
                kept = held != null ? held : kept;
            }
        }
        return kept;
    }

    /** Emits when no other pipeline of this transaction works under the lock, or waits for it longer. */
    Mono<Turn> turn(LockOperations locks, LockRequest request) {
        Turn turn;
        synchronized (this) {
            turn = new Turn(this.turns.get(new Lock(locks, request.name().fullName())));
            this.turns.put(new Lock(locks, request.name().fullName()), turn);
        }
        if (turn.hasBegun()) {
            return Mono.just(turn);
        }
        // only a subscription that is still waiting ends its turn here when it is cancelled
        Mono<Turn> begins = Mono.create(sink -> {
            sink.onCancel(turn::end);
            CompletableFuture<@Nullable Void> unused =
                    turn.beginning().whenComplete((none, failure) -> this.executor.execute(() -> sink.success(turn)));
        });
        if (request.waitTime().compareTo(LockDurations.FOREVER) < 0) {
            begins = begins.timeout(
                    request.waitTime(),
                    Mono.error(() -> new LockNotAcquiredException(request.name(), request.waitTime(), null)));
        }
        return begins;
    }

    /**
     * Keeps the hold of a lease until the transaction has completed.
     *
     * @param locks what the lease comes from
     * @param lease as it was acquired, perhaps after the transaction has completed
     * @param turn ends when the lease for the work is closed
     * @return the lease for the work
     */
    LockLease defer(LockOperations locks, LockLease lease, Turn turn) {
        TransactionLease given = this.holds.enter(locks, lease, turn::end);
        if (given == null) {
            turn.end();
            return lease;
        }
        given.closeUnlessKept(lease);
        return given;
    }

    /**
     * Fails if a lease that was acquired inside of the transaction, or that the pipeline runs under at the commit, is no
     * longer held. Where little is left of one, the store is asked, by a thread that may wait for the answer.
     */
    @Override
    public Mono<Void> beforeCommit(boolean readOnly) {
        return Mono.deferContextual(context -> {
            List<LockLease> own = this.holds.leases();
            List<LockLease> leases = Stream.concat(own.stream(), ReactiveLockContext.leases(context).stream())
                    .toList();
            return leases.stream().allMatch(lease -> lease.isClosed() || CommitCheck.isFine(lease))
                    ? Mono.empty()
                    : Mono.<Void>fromRunnable(() -> check(leases, own)).subscribeOn(Schedulers.boundedElastic());
        });
    }

    private static void check(List<LockLease> leases, List<LockLease> own) {
        CommitCheck check = new CommitCheck(lease ->
                own.contains(lease) ? null : "The transaction is not committed, since it runs under this lease");
        leases.forEach(check::extend);
        if (check.hasAskedTheStore()) {
            leases.forEach(check::ensureHeld);
        }
    }

    /** What was registered until now, listeners after the commit among it, still runs under the locks. */
    @Override
    public Mono<Void> beforeCompletion() {
        return Mono.fromRunnable(() -> {
            if (this.transaction.isSynchronizationActive()) {
                this.transaction.registerSynchronization(new Last());
                this.leftToTheLast = true;
            }
        });
    }

    @Override
    public Mono<Void> afterCompletion(int status) {
        return this.leftToTheLast ? Mono.empty() : complete();
    }

    private Mono<Void> complete() {
        return Mono.defer(() -> {
            synchronized (ReactiveDeferredReleases.class) {
                this.all.remove(this);
                if (this.all.isEmpty()) {
                    this.transaction.unbindResourceIfPossible(OfContext.class);
                }
            }
            CompletableFuture<?> released = this.holds.completeAsync().toCompletableFuture();
            return released.isDone() ? Mono.<Void>empty() : continued(released);
        });
    }

    /** The answer of the store comes on a thread that is not for what follows. */
    private Mono<Void> continued(CompletableFuture<?> released) {
        return Mono.create(sink -> {
            CompletableFuture<?> unused =
                    released.whenComplete((none, failure) -> this.executor.execute(sink::success));
        });
    }

    /** Releases after all other synchronizations: among those of the same order, the last one registered is the last. */
    private final class Last implements TransactionSynchronization {

        @Override
        public Mono<Void> afterCompletion(int status) {
            return complete();
        }
    }
}
