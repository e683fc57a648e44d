package io.github.lockspring.web;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.interceptor.AsyncCall;
import io.github.lockspring.interceptor.AsyncLocks;
import io.github.lockspring.interceptor.AsyncResults;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Holds the locks of methods that return one of Spring MVC's asynchronous results: {@code Callable}, {@code
 * WebAsyncTask}, {@code DeferredResult}, {@code StreamingResponseBody}, {@code ResponseBodyEmitter}, {@code SseEmitter},
 * or a {@code ResponseEntity} of one of the last three. The caller gets an object of that type, whose lock is acquired
 * and whose method is called when Spring MVC handles it, which needs a {@link LockedReturnValueHandler}; a {@code
 * Callable}, a {@code WebAsyncTask} and a {@code StreamingResponseBody} also when they are called. Thread-safe.
 *
 * @since 0.1
 */
public final class WebResults implements AsyncResults {

    /** Creates it. */
    public WebResults() {}

    @Override
    public boolean supports(Method method, Class<?> returnType) {
        return AsyncKinds.isReturnedBy(method, returnType);
    }

    @Override
    public boolean outlivesTransaction() {
        return true;
    }

    /** Evaluates condition and key. */
    @Override
    @SuppressWarnings("NullAway") // Without condition, the method returns what it returns.
    public Object invoke(AsyncCall call) throws Throwable {
        return call.applies() ? LockedResults.of(call.returnType(), LockedWork.of(call)) : call.proceed(null);
    }

    /**
     * Goes on with a result whose work begins when it is called: the lock is acquired once more for that. The work of a
     * {@code DeferredResult} or an emitter has begun: its lock is held until the request is over that the current thread
     * handles.
     */
    @Override
    public @Nullable Object goOn(
            Object result, Class<?> returnType, AsyncLocks locks, LockOptions options, LockLease lease) {
        if (AsyncKinds.beginsLater(result)) {
            LockedResult locked = LockedResults.inPlaceOf(result, LockedWork.of(result, locks, options));
            return returnType.isInstance(locked) ? locked : null;
        }
        return BegunResult.hold(result, locks, options, lease) ? result : null;
    }
}
