package io.github.lockspring.web;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Which types Spring MVC handles asynchronously. */
final class AsyncKinds {

    /** Of each there is a {@link LockedResult}. Subclasses are those of the application, of which there is none. */
    private static final Set<Class<?>> DECLARED = Set.of(
            Callable.class,
            DeferredResult.class,
            ResponseBodyEmitter.class,
            SseEmitter.class,
            StreamingResponseBody.class,
            WebAsyncTask.class);

    private AsyncKinds() {}

    /** Whether a method declares one of them. */
    static boolean isReturnedBy(Method method, Class<?> returnType) {
        return returnType == ResponseEntity.class
                ? isBody(ResolvableType.forMethodReturnType(method)
                        .as(ResponseEntity.class)
                        .getGeneric()
                        .resolve(Object.class))
                : DECLARED.contains(returnType);
    }

    private static boolean isBody(Class<?> type) {
        return StreamingResponseBody.class.isAssignableFrom(type) || ResponseBodyEmitter.class.isAssignableFrom(type);
    }

    /** Whether the work of a result begins when Spring MVC, or its caller, asks for it. */
    static boolean beginsLater(Object result) {
        return result instanceof WebAsyncTask
                || result instanceof StreamingResponseBody
                || result instanceof LockedResult
                || result instanceof Callable && isNothingElse(result.getClass());
    }

    /** Whether code of the application can know objects of a class by another type. */
    private static boolean isNothingElse(Class<?> type) {
        return type.isHidden() || type.isAnonymousClass();
    }

    /** Whether Spring MVC begins a further asynchronous phase of the request for a value. */
    static boolean goesOn(@Nullable Object value) {
        return value instanceof DeferredResult
                || value instanceof Callable
                || value instanceof WebAsyncTask
                || value instanceof StreamingResponseBody
                || value instanceof ResponseBodyEmitter
                || value instanceof CompletionStage
                || value instanceof LockedResult
                || value instanceof ThreadWork
                || value instanceof ResponseEntity<?> entity && goesOn(entity.getBody())
                || value != null && isReactive(value.getClass());
    }

    private static boolean isReactive(Class<?> type) {
        return !type.getName().startsWith("java.")
                && ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
    }
}
