package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.LockOperations;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import reactor.core.publisher.Mono;

/** A result that goes on after the return is refused: at start-up, or at the call. */
@ExtendWith(OutputCaptureExtension.class)
class LockedResultTests {

    static Stream<Arguments> declared() {
        return Arrays.stream(ProxyKind.values())
                .flatMap(kind -> Stream.of(
                                new ReturnsCallable(),
                                new ReturnsDeferredResult(),
                                new ReturnsEmitter(),
                                new ReturnsEntityOfMono(),
                                new ReturnsEntityOfStream(),
                                new ReturnsStreamingBody(),
                                new ReturnsTask())
                        .map(endpoint -> Arguments.of(kind, endpoint)));
    }

    @ParameterizedTest
    @MethodSource("declared")
    void refusesADeclaredTypeAtStart(ProxyKind kind, Endpoint endpoint) {
        kind.in(LockContextRunners.memory())
                .withBean("endpoint", Endpoint.class, () -> endpoint)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidLockAnnotationException.class)
                        .hasMessageContainingAll(
                                endpoint.getClass().getName() + ".get(Object)", "before its work is done"));
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheLockUntilAFutureIsDone(ProxyKind kind) {
        run(kind, (context, endpoint) -> {
            CompletableFuture<String> later = new CompletableFuture<>();
            assertRefused(endpoint, ResponseEntity.ok(later), "the lock is kept until it is done");
            LockOperations operations = context.getBean(LockOperations.class);
            assertThat(operations.holder("endpoint")).isPresent();

            later.complete("text");

            await().atMost(Duration.ofMinutes(1))
                    .until(() -> operations.holder("endpoint").isEmpty());
        });
    }

    @ParameterizedTest
    @EnumSource
    void refusesOtherResultsThatGoOn(ProxyKind kind) {
        run(kind, (context, endpoint) -> {
            StreamingResponseBody body = stream -> {};
            for (Object later : new Object[] {
                new FutureTask<>(() -> "text"),
                ResponseEntity.ok(Mono.just("text")),
                body,
                ResponseEntity.ok(body),
                new DeferredResult<>(),
                new WebAsyncTask<>(() -> "text"),
                new ResponseBodyEmitter()
            }) {
                assertRefused(endpoint, later, "the lock is released now");
                LockOperations operations = context.getBean(LockOperations.class);
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> operations.holder("endpoint").isEmpty());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void passesOnWhatIsDone(ProxyKind kind) {
        run(kind, (context, endpoint) -> {
            for (Object done :
                    new Object[] {"text", CompletableFuture.completedFuture("text"), ResponseEntity.ok("text")}) {
                assertThat(endpoint.get(done)).isSameAs(done);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void tellsOnceOfCodeThatMayRunLater(ProxyKind kind, CapturedOutput output) {
        run(kind, (context, endpoint) -> {
            Supplier<String> supplier = () -> "text";
            Runnable runnable = () -> {};
            Function<String, String> function = text -> text;
            for (Object code : new Object[] {supplier, runnable, function, Stream.of("text")}) {
                assertThat(endpoint.get(code)).isSameAs(code);
            }
            assertThat(output).containsOnlyOnce(ReturnsObject.class.getName() + ".get(Object) returned");
        });
    }

    private static void assertRefused(Endpoint endpoint, Object result, String consequence) {
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> endpoint.get(result))
                .withMessageContainingAll(
                        ReturnsObject.class.getName() + ".get(Object)",
                        result instanceof ResponseEntity
                                ? "not done"
                                : result.getClass().getName(),
                        consequence);
    }

    private static void run(ProxyKind kind, Check check) {
        ApplicationContextRunner runner =
                kind.in(LockContextRunners.memory()).withBean("endpoint", Endpoint.class, ReturnsObject::new);
        runner.run(context -> check.run(context, kind.bean(context, Endpoint.class, "endpoint")));
    }

    interface Check {

        void run(AssertableApplicationContext context, Endpoint endpoint) throws Exception;
    }

    interface Endpoint {

        Object get(Object result);
    }

    static class ReturnsObject implements Endpoint {

        @Override
        @DistributedLock("endpoint")
        public Object get(Object result) {
            return result;
        }
    }

    static class ReturnsCallable implements Endpoint {

        @Override
        @DistributedLock
        public Callable<String> get(Object result) {
            return () -> "text";
        }
    }

    static class ReturnsDeferredResult implements Endpoint {

        @Override
        @DistributedLock
        public DeferredResult<String> get(Object result) {
            return new DeferredResult<>();
        }
    }

    static class ReturnsEmitter implements Endpoint {

        @Override
        @DistributedLock
        public ResponseBodyEmitter get(Object result) {
            return new ResponseBodyEmitter();
        }
    }

    static class ReturnsEntityOfMono implements Endpoint {

        @Override
        @DistributedLock
        public ResponseEntity<Mono<String>> get(Object result) {
            return ResponseEntity.ok(Mono.empty());
        }
    }

    static class ReturnsEntityOfStream implements Endpoint {

        @Override
        @DistributedLock
        public ResponseEntity<StreamingResponseBody> get(Object result) {
            return ResponseEntity.ok(stream -> {});
        }
    }

    static class ReturnsStreamingBody implements Endpoint {

        @Override
        @DistributedLock
        public StreamingResponseBody get(Object result) {
            return stream -> {};
        }
    }

    static class ReturnsTask implements Endpoint {

        @Override
        @DistributedLock
        public WebAsyncTask<String> get(Object result) {
            return new WebAsyncTask<>(() -> "text");
        }
    }
}
