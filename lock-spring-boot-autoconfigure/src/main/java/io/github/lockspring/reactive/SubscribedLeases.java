package io.github.lockspring.reactive;

import io.github.lockspring.LockLease;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;

/**
 * The leases of the pipeline whose work the current thread is subscribing to: for listeners that are called on that
 * stack and do not see Reactor's context, as those of transactions are. Nothing is re-entered by them.
 */
final class SubscribedLeases {

    private static final ThreadLocal<@Nullable List<LockLease>> CURRENT = new ThreadLocal<>();

    private SubscribedLeases() {}

    static List<LockLease> current() {
        List<LockLease> leases = CURRENT.get();
        return leases != null ? leases : List.of();
    }

    static <T> Mono<T> during(Mono<T> work) {
        return new MonoOperator<T, T>(work) {

            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                subscribing(actual, () -> this.source.subscribe(actual));
            }
        };
    }

    static <T> Flux<T> during(Flux<T> work) {
        return new FluxOperator<T, T>(work) {

            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                subscribing(actual, () -> this.source.subscribe(actual));
            }
        };
    }

    private static void subscribing(CoreSubscriber<?> actual, Runnable subscription) {
        List<LockLease> outer = CURRENT.get();
        CURRENT.set(ReactiveLockContext.leases(actual.currentContext()));
        try {
            subscription.run();
        } finally {
            if (outer != null) {
                CURRENT.set(outer);
            } else {
                CURRENT.remove();
            }
        }
    }
}
