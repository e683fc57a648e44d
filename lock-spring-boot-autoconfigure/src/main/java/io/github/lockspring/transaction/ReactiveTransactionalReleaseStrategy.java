package io.github.lockspring.transaction;

import io.github.lockspring.InTransaction;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockRequest;
import io.github.lockspring.reactive.ReactiveReleaseStrategy;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/**
 * Does with a lock that is acquired inside a reactive transaction what {@link InTransaction} says: by default, it is
 * released when that transaction has completed, by commit, rollback or cancellation. Thread-safe.
 *
 * <p>The transaction is the one of Reactor's context, the innermost one where it is inside of another: inside {@code
 * REQUIRES_NEW}, that one; inside {@code NESTED}, the outer one. Where there is no actual transaction, {@code SUPPORTS}
 * and {@code NOT_SUPPORTED} included, locks are released when their work ends. What a synchronization is called with
 * after the commit counts as inside: its locks are released when the transaction has completed.
 *
 * <p>A lock that a transaction keeps is entered again by what asks for it inside of that transaction, or of one that
 * suspends it. Two pipelines of one transaction that ask for it at the same time are inside of it one after the other.
 *
 * @since 0.1
 */
public final class ReactiveTransactionalReleaseStrategy implements ReactiveReleaseStrategy {

    private final InTransactionMessages messages;

    /** Creates a strategy. */
    public ReactiveTransactionalReleaseStrategy() {
        this(new TransactionalReleaseStrategy());
    }

    /**
     * Creates a strategy for an application that has one for the transactions of threads: what is logged once is logged
     * by one of them.
     *
     * @param other the other strategy
     */
    public ReactiveTransactionalReleaseStrategy(TransactionalReleaseStrategy other) {
        this.messages = other.messages();
    }

    @Override
    public Mono<Terms> beforeAcquire(LockOperations locks, LockRequest request, Executor executor) {
        return TransactionSynchronizationManager.forCurrentTransaction()
                .onErrorComplete(NoTransactionException.class)
                .flatMap(transaction -> inContext(transaction, locks, request, executor))
                .defaultIfEmpty(Terms.OF_ITS_OWN);
    }

    private Mono<Terms> inContext(
            TransactionSynchronizationManager transaction,
            LockOperations locks,
            LockRequest request,
            Executor executor) {
        LockLease outer = outer(request);
        if (!transaction.isSynchronizationActive() || !transaction.isActualTransactionActive()) {
            return Mono.just(new Plain(outer != null ? null : kept(transaction, locks, request)));
        }
        String name = transaction.getCurrentTransactionName();
        return switch (request.inTransaction()) {
            case FAIL -> {
                if (outer == null) {
                    yield Mono.error(refusal(request, name));
                }
                Terms terms = lease -> {
                    if (!InTransactionMessages.isReentry(lease, outer)) {
                        throw refusal(request, name);
                    }
                    return lease;
                };
                yield Mono.just(terms);
            }
            case RELEASE -> {
                Terms terms = lease -> {
                    warn(lease, outer, request);
                    return lease;
                };
                yield Mono.just(terms);
            }
            case DEFER -> {
                ReactiveDeferredReleases releases = ReactiveDeferredReleases.of(transaction, executor);
                // what is inside of running work does not wait for it
                yield outer != null
                        ? Mono.just(new Deferred(releases, Turn.none(), locks, request, outer, null))
                        : releases.turn(locks, request)
                                .map(turn -> new Deferred(
                                        releases, turn, locks, request, null, kept(transaction, locks, request)));
            }
        };
    }

    /** A lease of running work that this request may re-enter. */
    private static @Nullable LockLease outer(LockRequest request) {
        LockLease within = request.within();
        return within != null && within.fullName().equals(request.name().fullName()) && !within.isClosed()
                ? within
                : null;
    }

    private static @Nullable LockLease kept(
            TransactionSynchronizationManager transaction, LockOperations locks, LockRequest request) {
        return ReactiveDeferredReleases.kept(transaction, locks, request.name().fullName());
    }

    private static IllegalStateException refusal(LockRequest request, @Nullable String transaction) {
        return InTransactionMessages.refusal(request.name(), transaction, InTransactionMessages.Begin.REACTIVE);
    }

    private void warn(LockLease lease, @Nullable LockLease outer, LockRequest request) {
        this.messages.warn(lease, outer, request.name(), request.inTransaction(), InTransactionMessages.Begin.REACTIVE);
    }

    /** Of a subscription outside of a transaction, where one that is suspended or over may still keep the lock. */
    private record Plain(@Nullable LockLease kept) implements Terms {

        @Override
        public LockLease given(LockLease lease) {
            return lease;
        }
    }

    /** Of a subscription whose lock is kept until the transaction has completed. */
    private final class Deferred implements Terms {

        private final ReactiveDeferredReleases releases;

        private final Turn turn;

        private final LockOperations locks;

        private final LockRequest request;

        private final @Nullable LockLease outer;

        private final @Nullable LockLease kept;

        Deferred(
                ReactiveDeferredReleases releases,
                Turn turn,
                LockOperations locks,
                LockRequest request,
                @Nullable LockLease outer,
                @Nullable LockLease kept) {
            this.releases = releases;
            this.turn = turn;
            this.locks = locks;
            this.request = request;
            this.outer = outer;
            this.kept = kept;
        }

        @Override
        public @Nullable LockLease kept() {
            return this.kept;
        }

        @Override
        public LockLease given(LockLease lease) {
            warn(lease, this.outer != null ? this.outer : this.kept, this.request);
            return this.releases.defer(this.locks, lease, this.turn);
        }

        @Override
        public void withdrawn() {
            this.turn.end();
        }
    }
}
