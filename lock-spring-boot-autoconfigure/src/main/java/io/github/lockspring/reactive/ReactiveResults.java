package io.github.lockspring.reactive;

import io.github.lockspring.LockException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.interceptor.AsyncCall;
import io.github.lockspring.interceptor.AsyncLocks;
import io.github.lockspring.interceptor.AsyncResults;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Holds the locks of methods that return a {@link Mono}, a {@link Flux}, or another reactive type that Spring adapts to
 * them. The method is called for each subscription, under the lock: what it does before it returns its publisher is
 * locked, too. Thread-safe.
 *
 * @since 0.1
 */
public final class ReactiveResults implements AsyncResults {

    /** Made for what calls lock with, which is nearly always the same. */
    private volatile @Nullable Template template;

    private record Template(AsyncLocks madeFor, ReactiveLockOperations operations) {}

    /** Creates it. */
    public ReactiveResults() {}

    /** Types that only a subclass of what Spring makes could serve are left out. */
    @Override
    public boolean supports(Method method, Class<?> returnType) {
        ReactiveAdapter adapter = adapter(returnType);
        return adapter != null && adapter.getReactiveType() == returnType;
    }

    @Override
    public boolean canSkip(Method method) {
        ReactiveAdapter adapter = adapter(method.getReturnType());
        return adapter == null || adapter.supportsEmpty();
    }

    /** Types of the JDK are not asked about: that would load the reactive libraries. */
    private static @Nullable ReactiveAdapter adapter(Class<?> type) {
        return CompletionStage.class.isAssignableFrom(type)
                        || type.isPrimitive()
                        || type.getName().startsWith("java.lang.")
                ? null
                : ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
    }

    @Override
    public Object invoke(AsyncCall call) {
        ReactiveAdapter adapter =
                Objects.requireNonNull(adapter(call.returnType()), "Only calls of supported methods are invoked");
        ReactiveLockOperations locks = template(call.locks());
        return adapter.fromPublisher(
                adapter.isMultiValue()
                        ? Flux.defer(() -> many(call, adapter, locks))
                        : Mono.defer(() -> one(call, adapter, locks)));
    }

    private static Mono<Object> one(AsyncCall call, ReactiveAdapter adapter, ReactiveLockOperations locks) {
        if (!call.applies()) {
            return Mono.from(proceed(call, adapter, null));
        }
        LockOptions options = call.options();
        AtomicBoolean begun = new AtomicBoolean();
        return locks.usingLock(options, lease -> {
                    begun.set(true);
                    return Mono.from(proceed(call, adapter, lease));
                })
                .onErrorResume(
                        LockException.class,
                        failure -> begun.get() || !AsyncCall.isOfAcquisition(failure)
                                ? Mono.error(failure)
                                : Mono.from(answer(call, options, adapter, failure)));
    }

    private static Flux<Object> many(AsyncCall call, ReactiveAdapter adapter, ReactiveLockOperations locks) {
        if (!call.applies()) {
            return Flux.from(proceed(call, adapter, null));
        }
        LockOptions options = call.options();
        AtomicBoolean begun = new AtomicBoolean();
        return locks.usingLockMany(options, lease -> {
                    begun.set(true);
                    return proceed(call, adapter, lease);
                })
                .onErrorResume(
                        LockException.class,
                        failure -> begun.get() || !AsyncCall.isOfAcquisition(failure)
                                ? Mono.error(failure)
                                : answer(call, options, adapter, failure));
    }

    private static Publisher<Object> proceed(AsyncCall call, ReactiveAdapter adapter, @Nullable LockLease lease) {
        try {
            return adapter.toPublisher(call.proceed(lease));
        } catch (Throwable ex) {
            return Mono.error(ex);
        }
    }

    private static Publisher<Object> answer(
            AsyncCall call, LockOptions options, ReactiveAdapter adapter, LockException failure) {
        try {
            Object answer = call.answer(options, failure);
            return answer != null ? adapter.toPublisher(answer) : Mono.empty();
        } catch (Throwable ex) {
            return Mono.error(ex);
        }
    }

    @Override
    public @Nullable Object goOn(
            Object result, Class<?> returnType, AsyncLocks locks, LockOptions options, LockLease lease) {
        ReactiveAdapter adapter = adapter(result.getClass());
        if (adapter == null) {
            return null;
        }
        Publisher<Object> work = adapter.toPublisher(result);
        Object locked = adapter.fromPublisher(
                adapter.isMultiValue()
                        ? template(locks).withLockMany(options, work)
                        : template(locks).withLock(options, Mono.from(work)));
        return returnType.isInstance(locked) ? locked : null;
    }

    private ReactiveLockOperations template(AsyncLocks locks) {
        Template present = this.template;
        if (present == null || !present.madeFor.equals(locks)) {
            present = new Template(
                    locks,
                    new ReactiveLockTemplate(
                            locks.operations(),
                            locks.settings(),
                            locks.tasks(),
                            locks.bean(ReactiveReleaseStrategy.class, ReactiveReleaseStrategy.IMMEDIATE)));
            this.template = present;
        }
        return present.operations;
    }
}
