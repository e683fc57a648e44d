package io.github.lockspring.web;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * Makes what callers are given in place of asynchronous results, one class for each type. What can be called does its
 * work under the lock, also without Spring MVC; the others do nothing without it.
 */
final class LockedResults {

    private LockedResults() {}

    static LockedResult of(Class<?> type, LockedWork work) {
        if (type == Callable.class) {
            return new Task(work);
        }
        if (type == WebAsyncTask.class) {
            return new WebTask(work);
        }
        if (type == StreamingResponseBody.class) {
            return new Body(work);
        }
        if (type == DeferredResult.class) {
            return new Deferred(work);
        }
        if (type == SseEmitter.class) {
            return new Events(work);
        }
        return type == ResponseBodyEmitter.class ? new Emitter(work) : new Entity(work);
    }

    /** The kind of a result whose work begins later. */
    static LockedResult inPlaceOf(Object result, LockedWork work) {
        if (result instanceof WebAsyncTask) {
            return new WebTask(work);
        }
        if (result instanceof StreamingResponseBody) {
            return new Body(work);
        }
        return result instanceof Callable ? new Task(work) : new Deferred(work);
    }

    private static IllegalStateException notHandled(LockedWork work, String type) {
        return new IllegalStateException("The method that returns this " + type + " has not been called: its lock '"
                + work.options().lockName().name()
                + "' is acquired when Spring MVC handles the result of the request. Return it from the"
                + " controller as it is. Where Spring MVC does not use the handlers of the application context"
                + " (MockMvcBuilders.standaloneSetup), add a LockedReturnValueHandler");
    }

    private record Task(LockedWork work) implements Callable<@Nullable Object>, LockedResult {

        @Override
        public @Nullable Object call() throws Exception {
            return this.work.call(result -> ((Callable<?>) result).call());
        }
    }

    private record Body(LockedWork work) implements StreamingResponseBody, LockedResult {

        @Override
        public void writeTo(OutputStream stream) throws IOException {
            try {
                this.work.call(result -> {
                    ((StreamingResponseBody) result).writeTo(stream);
                    return null;
                });
            } catch (IOException | RuntimeException ex) {
                throw ex;
            } catch (Exception ex) {
                throw new IOException(ex);
            }
        }
    }

    private static final class WebTask extends WebAsyncTask<@Nullable Object> implements LockedResult {

        private final LockedWork work;

        WebTask(LockedWork work) {
            super(() ->
                    work.call(result -> ((WebAsyncTask<?>) result).getCallable().call()));
            this.work = work;
        }

        @Override
        public LockedWork work() {
            return this.work;
        }
    }

    /** Is itself what the request waits for first, so that code that completes it ends the call. */
    private static final class Deferred extends DeferredResult<Object> implements LockedResult {

        private final LockedWork work;

        Deferred(LockedWork work) {
            this.work = work;
        }

        @Override
        public LockedWork work() {
            return this.work;
        }

        @Override
        public DeferredResult<Object> acquired() {
            return this;
        }
    }

    private static final class Emitter extends ResponseBodyEmitter implements LockedResult {

        private final LockedWork work;

        Emitter(LockedWork work) {
            this.work = work;
        }

        @Override
        public LockedWork work() {
            return this.work;
        }

        @Override
        protected void extendResponse(ServerHttpResponse outputMessage) {
            throw notHandled(this.work, "emitter");
        }

        @Override
        public void send(Object object, @Nullable MediaType mediaType) {
            throw notHandled(this.work, "emitter");
        }

        @Override
        public void send(Set<DataWithMediaType> items) {
            throw notHandled(this.work, "emitter");
        }

        @Override
        public void complete() {
            throw notHandled(this.work, "emitter");
        }

        @Override
        public void completeWithError(Throwable ex) {
            throw notHandled(this.work, "emitter");
        }
    }

    private static final class Events extends SseEmitter implements LockedResult {

        private final LockedWork work;

        Events(LockedWork work) {
            this.work = work;
        }

        @Override
        public LockedWork work() {
            return this.work;
        }

        @Override
        protected void extendResponse(ServerHttpResponse outputMessage) {
            throw notHandled(this.work, "emitter");
        }

        @Override
        public void send(SseEventBuilder builder) {
            throw notHandled(this.work, "emitter");
        }

        @Override
        public void send(Set<DataWithMediaType> items) {
            throw notHandled(this.work, "emitter");
        }

        @Override
        public void complete() {
            throw notHandled(this.work, "emitter");
        }

        @Override
        public void completeWithError(Throwable ex) {
            throw notHandled(this.work, "emitter");
        }
    }

    /** Status and headers are not known yet. */
    private static final class Entity extends ResponseEntity<Object> implements LockedResult {

        private final LockedWork work;

        Entity(LockedWork work) {
            super(HttpStatus.OK);
            this.work = work;
        }

        @Override
        public LockedWork work() {
            return this.work;
        }

        @Override
        public HttpStatusCode getStatusCode() {
            throw notHandled(this.work, "response entity");
        }

        @Override
        public HttpHeaders getHeaders() {
            throw notHandled(this.work, "response entity");
        }

        @Override
        public @Nullable Object getBody() {
            throw notHandled(this.work, "response entity");
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Objects.hashCode(this.work);
        }

        @Override
        public String toString() {
            return "response entity of lock '" + this.work.options().lockName().name() + "'";
        }
    }
}
