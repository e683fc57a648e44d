package io.github.lockspring.web;

import java.util.concurrent.Callable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** A method for each kind of asynchronous results. */
public interface AsyncEndpoints {

    @GetMapping("/callable/{id}")
    default Callable<String> callable(@PathVariable("id") String id) {
        return Work.of(id).callable();
    }

    @GetMapping("/task/{id}")
    default WebAsyncTask<String> task(@PathVariable("id") String id) {
        return new WebAsyncTask<>(Work.of(id).callable());
    }

    @GetMapping("/deferred/{id}")
    default DeferredResult<String> deferred(@PathVariable("id") String id) {
        return Work.of(id).deferred(new DeferredResult<>());
    }

    @GetMapping("/stream/{id}")
    default StreamingResponseBody stream(@PathVariable("id") String id) {
        return Work.of(id).stream();
    }

    @GetMapping("/stream-entity/{id}")
    default ResponseEntity<StreamingResponseBody> streamEntity(@PathVariable("id") String id) {
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .header("X-Kind", "stream")
                .body(Work.of(id).stream());
    }

    @GetMapping("/emitter/{id}")
    default ResponseBodyEmitter emitter(@PathVariable("id") String id) {
        return Work.of(id).emitter(new ResponseBodyEmitter());
    }

    @GetMapping("/events/{id}")
    default SseEmitter events(@PathVariable("id") String id) {
        return Work.of(id).emitter(new SseEmitter());
    }

    @GetMapping("/emitter-entity/{id}")
    default ResponseEntity<SseEmitter> emitterEntity(@PathVariable("id") String id) {
        return ResponseEntity.status(HttpStatus.ACCEPTED).body(Work.of(id).emitter(new SseEmitter()));
    }
}
