package io.github.lockspring.web;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.context.request.NativeWebRequest;
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
public final class LockedReturnValueHandler implements AsyncHandlerMethodReturnValueHandler {

    private final StreamingResponseBodyReturnValueHandler streams = new StreamingResponseBodyReturnValueHandler();

    /** Creates it. */
    public LockedReturnValueHandler() {}

    @Override
    public boolean supportsReturnType(MethodParameter returnType) {
        Class<?> type = returnType.getParameterType();
        return LockedResult.class.isAssignableFrom(type) || type == StreamedEntity.class;
    }

    @Override
    public boolean isAsyncReturnValue(@Nullable Object returnValue, MethodParameter returnType) {
        return returnValue instanceof LockedResult || returnValue instanceof StreamedEntity;
    }

    @Override
    public void handleReturnValue(
            @Nullable Object returnValue,
            MethodParameter returnType,
            ModelAndViewContainer mavContainer,
            NativeWebRequest webRequest)
            throws Exception {
        if (returnValue instanceof StreamedEntity streamed) {
            this.streams.handleReturnValue(streamed.entity(), returnType, mavContainer, webRequest);
        } else if (returnValue instanceof LockedResult result) {
            LockedRequest.start(result, mavContainer, webRequest);
        } else {
            throw new IllegalArgumentException("Not a result of a locked method: " + returnValue);
        }
    }
}
