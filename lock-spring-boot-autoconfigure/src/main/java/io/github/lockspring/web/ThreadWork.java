package io.github.lockspring.web;

import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * What a method has returned as the value of an asynchronous phase, and a thread of Spring MVC will do. It is given to that
 * thread by another one than that of the request, whose thread-local values it needs. Spring MVC would also find out by
 * declared types that the body of an entity is a stream, and a value has none.
 *
 * @param result a {@code Callable}, a {@code WebAsyncTask}, a {@code StreamingResponseBody} or an entity of one
 * @param values wraps a task so that it has the values of the request's thread
 */
record ThreadWork(Object result, UnaryOperator<Runnable> values) {

    /** A value in the form that is recognised on the next dispatch. */
    static @Nullable Object valueOf(@Nullable Object result, UnaryOperator<Runnable> values) {
        return valueOf(result, () -> {}, values);
    }

    /** A value in that form; what is still in the buffer of the response is not sent if the check fails. */
    static @Nullable Object valueOf(@Nullable Object result, Runnable check, UnaryOperator<Runnable> values) {
        if (result instanceof LockedResult) {
            return result;
        }
        if (result instanceof StreamingResponseBody body) {
            return new ThreadWork(checked(body, check), values);
        }
        if (result instanceof ResponseEntity<?> entity && entity.getBody() instanceof StreamingResponseBody body) {
            return new ThreadWork(
                    ResponseEntity.status(entity.getStatusCode())
                            .headers(entity.getHeaders())
                            .body(checked(body, check)),
                    values);
        }
        return result instanceof Callable || result instanceof WebAsyncTask ? new ThreadWork(result, values) : result;
    }

    private static StreamingResponseBody checked(StreamingResponseBody body, Runnable check) {
        return stream -> {
            body.writeTo(stream);
            check.run();
        };
    }

    /** Runs a step on this thread, with the values. */
    void within(Step step) throws Exception {
        Exception[] failure = new Exception[1];
        this.values
                .apply(() -> {
                    try {
                        step.run();
                    } catch (Exception ex) {
                        failure[0] = ex;
                    }
                })
                .run();
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    /** What may throw. */
    interface Step {

        void run() throws Exception;
    }
}
