package io.github.lockspring.web;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.OnLost;
import io.github.lockspring.interceptor.AsyncLocks;
import java.lang.ref.WeakReference;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.context.request.async.AsyncWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/**
 * A {@link DeferredResult} or an emitter whose work had begun when its method returned it, since the declared type did
 * not tell: the lock is held until the request of the caller is over, if that goes on asynchronously, in whichever
 * phases. Thread-safe.
 */
final class BegunResult implements CallableProcessingInterceptor, DeferredResultProcessingInterceptor {

    private final Object result;

    private final LockLease lease;

    private BegunResult(Object result, LockLease lease) {
        this.result = result;
        this.lease = lease;
    }

    /**
     * Holds the lock on.
     *
     * @return whether the current thread is that of a request, which tells the end of the work
     */
    static boolean hold(Object result, AsyncLocks locks, LockOptions options, LockLease lease) {
        boolean known = result instanceof DeferredResult || result instanceof ResponseBodyEmitter;
        if (!known || !(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request)) {
            return false;
        }
        WebAsyncManager manager = WebAsyncUtils.getAsyncManager(request.getRequest());
        if (manager.isConcurrentHandlingStarted()) {
            // another thread than that of the request, which has left it
            return false;
        }
        if (!lease.isHeld()) {
            // the call is about to end with that
            return true;
        }
        LockLease inner = locks.operations()
                .acquireAsync(options.reentrant(true).within(lease))
                .toCompletableFuture()
                .join();
        BegunResult begun = new BegunResult(result, inner);
        if (locks.settings().resolve(options).onLost() != OnLost.LOG) {
            begun.endWhenLost();
        }
        manager.registerCallableInterceptor(begun, begun);
        manager.registerDeferredResultInterceptor(begun, begun);
        request.registerDestructionCallback(
                BegunResult.class.getName() + "@" + System.identityHashCode(begun),
                () -> begun.dispatched(manager),
                RequestAttributes.SCOPE_REQUEST);
        return true;
    }

    /** The engine must not reach the lease from here: it gives a lock back whose lease nothing refers to any longer. */
    private void endWhenLost() {
        WeakReference<BegunResult> self = new WeakReference<>(this);
        this.lease.onLost(() -> {
            BegunResult begun = self.get();
            if (begun != null) {
                begun.fail();
            }
        });
    }

    @Override
    public <T> void beforeConcurrentHandling(NativeWebRequest request, Callable<T> task) {
        watch(request);
    }

    @Override
    public <T> void beforeConcurrentHandling(NativeWebRequest request, DeferredResult<T> handled) {
        watch(request);
    }

    /** In each phase: a server forgets the handlers of the one before. */
    private void watch(NativeWebRequest request) {
        if (request instanceof AsyncWebRequest asynchronous) {
            asynchronous.addCompletionHandler(this::release);
        }
    }

    /** The thread of the request has left it: if it does not go on asynchronously, it is over. */
    private void dispatched(WebAsyncManager manager) {
        if (!manager.isConcurrentHandlingStarted()) {
            release();
        }
    }

    private void release() {
        CompletionStage<@Nullable Void> unused = this.lease.closeAsync();
    }

    /** Of a lost lease, the request is told. */
    private void fail() {
        try {
            this.lease.ensureHeld();
        } catch (LeaseLostException loss) {
            if (this.result instanceof DeferredResult<?> deferred) {
                deferred.setErrorResult(loss);
            } else if (this.result instanceof ResponseBodyEmitter emitter) {
                emitter.completeWithError(loss);
            }
        }
    }
}
