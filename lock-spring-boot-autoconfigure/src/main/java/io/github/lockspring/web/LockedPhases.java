package io.github.lockspring.web;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.AsyncWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;

/** Tells a {@link LockedRequest} of its asynchronous phases. */
final class LockedPhases implements CallableProcessingInterceptor, DeferredResultProcessingInterceptor {

    private final LockedRequest locked;

    LockedPhases(LockedRequest locked) {
        this.locked = locked;
    }

    @Override
    public <T> void beforeConcurrentHandling(NativeWebRequest request, Callable<T> task) {
        watch(request);
    }

    @Override
    public <T> void beforeConcurrentHandling(NativeWebRequest request, DeferredResult<T> result) {
        watch(request);
    }

    /** Not {@code afterCompletion}, which is left out if another interceptor fails. */
    private void watch(NativeWebRequest request) {
        if (request instanceof AsyncWebRequest asynchronous) {
            asynchronous.addCompletionHandler(this.locked::completed);
        }
    }

    @Override
    public <T> void preProcess(NativeWebRequest request, Callable<T> task) {
        this.locked.enter();
    }

    @Override
    public <T> void postProcess(NativeWebRequest request, Callable<T> task, @Nullable Object concurrentResult) {
        this.locked.leave(concurrentResult);
    }

    @Override
    public <T> void preProcess(NativeWebRequest request, DeferredResult<T> result) {
        this.locked.await(result);
    }

    @Override
    public <T> void postProcess(NativeWebRequest request, DeferredResult<T> result, @Nullable Object concurrentResult) {
        this.locked.arrived(result, concurrentResult);
    }
}
