package io.github.lockspring.web;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.interceptor.AsyncLocks;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.context.request.async.AsyncWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/**
 * A {@link DeferredResult} or an emitter whose work had begun when its method returned it, since the declared type did
 * not tell: the lock is held until the request of the caller is over. Thread-safe.
 */
final class BegunResult implements DeferredResultProcessingInterceptor {

    private final Object result;

    /** The work under the lock. */
    private final CompletableFuture<@Nullable Object> work = new CompletableFuture<>();

    private volatile boolean handled;

    private BegunResult(Object result) {
        this.result = result;
    }

    /**
     * Holds the lock on.
     *
     * @return whether there is a request that tells the end of the work
     */
    static boolean hold(Object result, AsyncLocks locks, LockOptions options, LockLease lease) {
        boolean known = result instanceof DeferredResult || result instanceof ResponseBodyEmitter;
        if (!known || !(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request)) {
            return false;
        }
        BegunResult begun = new BegunResult(result);
        WebAsyncUtils.getAsyncManager(request.getRequest()).registerDeferredResultInterceptor(begun, begun);
        request.registerDestructionCallback(
                BegunResult.class.getName() + "@" + System.identityHashCode(begun),
                begun::dispatched,
                RequestAttributes.SCOPE_REQUEST);
        CompletableFuture<@Nullable Object> unused = locks.operations()
                .<@Nullable Object>executeAsync(options.reentrant(true).within(lease), inner -> begun.work)
                .toCompletableFuture()
                .whenComplete((none, failure) -> begun.ended(failure));
        return true;
    }

    @Override
    public <T> void beforeConcurrentHandling(NativeWebRequest request, DeferredResult<T> handledResult) {
        // Spring MVC has a result of its own for an emitter
        if (handledResult == this.result || this.result instanceof ResponseBodyEmitter) {
            if (request instanceof AsyncWebRequest asynchronous) {
                this.handled = true;
                asynchronous.addCompletionHandler(() -> this.work.complete(null));
            }
        }
    }

    /** The thread of the request has left it: a result that has not been handled until now never will be. */
    private void dispatched() {
        if (!this.handled) {
            this.work.complete(null);
        }
    }

    /** Of a lost lease, the request is told. */
    private void ended(@Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            fail(cause != null ? cause : failure);
        }
    }

    private void fail(Throwable failure) {
        if (this.result instanceof DeferredResult<?> deferred) {
            deferred.setErrorResult(failure);
        } else if (this.result instanceof ResponseBodyEmitter emitter) {
            emitter.completeWithError(failure);
        }
    }
}
