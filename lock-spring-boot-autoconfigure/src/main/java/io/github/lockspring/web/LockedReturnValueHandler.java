package io.github.lockspring.web;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.core.MethodParameter;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.method.support.AsyncHandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBodyReturnValueHandler;

/**
 * Has Spring MVC acquire the locks of {@linkplain WebResults asynchronous results} without blocking a thread. The request
 * has an asynchronous phase in which it waits for its lock and the method is called; its value is the result of the
 * method, which Spring MVC then handles like any other. Registered by the auto-configuration. Thread-safe.
 *
 * @since 0.1
 */
public final class LockedReturnValueHandler implements AsyncHandlerMethodReturnValueHandler, BeanFactoryAware {

    private final StreamingResponseBodyReturnValueHandler streams = new StreamingResponseBodyReturnValueHandler();

    /** Has the executors that a {@link WebAsyncTask} names. */
    private volatile @Nullable BeanFactory beanFactory;

    /** Creates it. */
    public LockedReturnValueHandler() {}

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    @Override
    public boolean supportsReturnType(MethodParameter returnType) {
        Class<?> type = returnType.getParameterType();
        return LockedResult.class.isAssignableFrom(type) || type == ThreadWork.class;
    }

    @Override
    public boolean isAsyncReturnValue(@Nullable Object returnValue, MethodParameter returnType) {
        return returnValue instanceof LockedResult || returnValue instanceof ThreadWork;
    }

    @Override
    public void handleReturnValue(
            @Nullable Object returnValue,
            MethodParameter returnType,
            ModelAndViewContainer mavContainer,
            NativeWebRequest webRequest)
            throws Exception {
        if (returnValue instanceof ThreadWork work) {
            work.within(() -> start(work.result(), returnType, mavContainer, webRequest));
        } else if (returnValue instanceof LockedResult result) {
            LockedRequest.start(result, mavContainer, webRequest);
        } else {
            throw new IllegalArgumentException("Not a result of a locked method: " + returnValue);
        }
    }

    private void start(
            Object work, MethodParameter returnType, ModelAndViewContainer container, NativeWebRequest webRequest)
            throws Exception {
        if (work instanceof WebAsyncTask<?> task) {
            BeanFactory executors = this.beanFactory;
            if (executors != null) {
                task.setBeanFactory(executors);
            }
            WebAsyncUtils.getAsyncManager(webRequest).startCallableProcessing(task, container);
        } else if (work instanceof Callable<?> task) {
            WebAsyncUtils.getAsyncManager(webRequest).startCallableProcessing(task, container);
        } else {
            this.streams.handleReturnValue(work, returnType, container, webRequest);
        }
    }
}
