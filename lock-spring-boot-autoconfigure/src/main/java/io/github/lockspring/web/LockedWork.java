package io.github.lockspring.web;

import io.github.lockspring.LockException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.OnLost;
import io.github.lockspring.interceptor.AsyncCall;
import io.github.lockspring.interceptor.AsyncLocks;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A call whose method has not been called, or a result of a call whose work has not begun, with the lock that it needs.
 * Nothing is locked until a request, or a caller, asks for the work.
 */
final class LockedWork {

    private final AsyncLocks locks;

    private final LockOptions options;

    private final Body body;

    private final Answer answer;

    private LockedWork(AsyncLocks locks, LockOptions options, Body body, Answer answer) {
        this.locks = locks;
        this.options = options;
        this.body = body;
        this.answer = answer;
    }

    /** Evaluates the key: later, another thread would not be in the scopes of the request. */
    static LockedWork of(AsyncCall call) {
        LockOptions options = call.options();
        return new LockedWork(call.locks(), options, call::proceed, failure -> call.answer(options, failure));
    }

    /** The method has returned its result, and its lock is released with that. */
    static LockedWork of(Object result, AsyncLocks locks, LockOptions options) {
        return new LockedWork(locks, options, lease -> result, failure -> {
            throw failure;
        });
    }

    LockOptions options() {
        return this.options;
    }

    /** The thread-local values of the current thread, for tasks of others. */
    UnaryOperator<Runnable> captureValues() {
        return this.locks.tasks().captureValues();
    }

    OnLost onLost() {
        return this.locks.settings().resolve(this.options).onLost();
    }

    /** Has work done under the lock, without blocking this thread. */
    CompletionStage<@Nullable Object> executeAsync(
            LockOptions changed, Function<LockLease, CompletionStage<@Nullable Object>> work) {
        return this.locks.operations().executeAsync(changed, work);
    }

    /** Calls the method, under the lock. */
    @Nullable Object result(LockLease lease) throws Throwable {
        return this.body.run(lease);
    }

    /** What the call returns that has not got its lock. */
    @Nullable Object answer(LockException failure) throws Throwable {
        return this.answer.to(failure);
    }

    /** Calls the method and uses its result under the lock, all on this thread, which waits for the lock. */
    @Nullable Object call(Use use) throws Exception {
        try {
            return callLocked(use);
        } catch (Exception | Error ex) {
            throw ex;
        } catch (Throwable ex) {
            throw new UndeclaredThrowableException(ex);
        }
    }

    @SuppressWarnings("NullAway") // The type argument says that the result may be null.
    private @Nullable Object callLocked(Use use) throws Throwable {
        AtomicBoolean begun = new AtomicBoolean();
        try {
            return this.locks.operations().<@Nullable Object, Throwable>call(this.options, lease -> {
                begun.set(true);
                return used(result(lease), use);
            });
        } catch (LockException failure) {
            if (begun.get() || !AsyncCall.isOfAcquisition(failure)) {
                throw failure;
            }
            return used(answer(failure), use);
        }
    }

    private static @Nullable Object used(@Nullable Object result, Use use) throws Throwable {
        return result != null ? use.of(result) : null;
    }

    /** The method, or its result. */
    private interface Body {

        @Nullable Object run(LockLease lease) throws Throwable;
    }

    /** In place of the method. */
    private interface Answer {

        @Nullable Object to(LockException failure) throws Throwable;
    }

    /** Does the work of a result. */
    interface Use {

        @Nullable Object of(Object result) throws Throwable;
    }
}
