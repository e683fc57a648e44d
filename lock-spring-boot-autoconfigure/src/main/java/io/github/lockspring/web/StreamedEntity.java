package io.github.lockspring.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * What a method has returned as the value of an asynchronous phase. Spring MVC finds out by declared types that such a
 * body is a stream, and a value has none.
 */
record StreamedEntity(ResponseEntity<StreamingResponseBody> entity) {

    /** A value in the form that is recognised on the next dispatch. */
    static @Nullable Object valueOf(@Nullable Object result) {
        return valueOf(result, () -> {});
    }

    /** A value in that form; what is still in the buffer of the response is not sent if the check fails. */
    static @Nullable Object valueOf(@Nullable Object result, Runnable check) {
        if (result instanceof LockedResult) {
            return result;
        }
        if (result instanceof StreamingResponseBody body) {
            return checked(body, check);
        }
        return result instanceof ResponseEntity<?> entity && entity.getBody() instanceof StreamingResponseBody body
                ? new StreamedEntity(ResponseEntity.status(entity.getStatusCode())
                        .headers(entity.getHeaders())
                        .body(checked(body, check)))
                : result;
    }

    private static StreamingResponseBody checked(StreamingResponseBody body, Runnable check) {
        return stream -> {
            body.writeTo(stream);
            check.run();
        };
    }
}
