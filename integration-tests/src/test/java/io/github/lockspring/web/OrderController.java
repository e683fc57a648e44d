package io.github.lockspring.web;

import io.github.lockspring.annotation.DistributedLock;
import java.util.concurrent.Callable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Declares all methods, as classes do that are woven. */
@DistributedLock(name = "order", key = "#id")
public class OrderController implements OrderEndpoints {

    @Override
    public Callable<String> callable(@PathVariable("id") String id) {
        return OrderEndpoints.super.callable(id);
    }

    @Override
    public WebAsyncTask<String> task(@PathVariable("id") String id) {
        return OrderEndpoints.super.task(id);
    }

    @Override
    public DeferredResult<String> deferred(@PathVariable("id") String id) {
        return OrderEndpoints.super.deferred(id);
    }

    @Override
    public StreamingResponseBody stream(@PathVariable("id") String id) {
        return OrderEndpoints.super.stream(id);
    }

    @Override
    public ResponseEntity<StreamingResponseBody> streamEntity(@PathVariable("id") String id) {
        return OrderEndpoints.super.streamEntity(id);
    }

    @Override
    public ResponseBodyEmitter emitter(@PathVariable("id") String id) {
        return OrderEndpoints.super.emitter(id);
    }

    @Override
    public SseEmitter events(@PathVariable("id") String id) {
        return OrderEndpoints.super.events(id);
    }

    @Override
    public ResponseEntity<SseEmitter> emitterEntity(@PathVariable("id") String id) {
        return OrderEndpoints.super.emitterEntity(id);
    }
}
