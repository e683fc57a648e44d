package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.annotation.DistributedLock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.ArgumentCaptor;
import reactor.core.publisher.Mono;

/** What a declared type does not tell, the result does. */
class AsynchronousResultsTests {

    private final LockOperation operation = ParsedLocks.operation(Work.class, "run");

    private final LockOptions options = this.operation.options();

    private final LockOperations operations = mock();

    private final LockLease lease = mock();

    private final LockLease kept = mock();

    private final AsynchronousResults results = new AsynchronousResults(
            () -> new AsyncLocks(
                    this.operations, LockSettings.DEFAULTS, LockTaskExecution.on(Runnable::run), type -> null),
            List.of(new StageResults()));

    static List<Object> complete() {
        return List.of(
                "text",
                1,
                List.of("text"),
                Optional.empty(),
                Optional.of("text"),
                CompletableFuture.completedFuture("text"),
                CompletableFuture.completedStage("text"),
                CompletableFuture.failedFuture(new IllegalStateException("expected")),
                Optional.of(CompletableFuture.completedFuture("text")));
    }

    @ParameterizedTest
    @MethodSource("complete")
    void passesOnWhatIsDone(Object result) {
        assertThat(check(result)).isSameAs(result);
        verifyNoInteractions(this.operations, this.lease);
    }

    @Test
    void passesOnNull() {
        assertThat(check(null)).isNull();
    }

    @Test
    void keepsTheLockUntilAStageIsDone() {
        when(this.operations.acquireAsync(any())).thenReturn(CompletableFuture.completedFuture(this.kept));
        CompletableFuture<String> later = new CompletableFuture<>();

        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> check(Optional.of(later)))
                .withMessageContainingAll(
                        Work.class.getName() + ".run()",
                        "CompletableFuture",
                        "the lock is kept until it is done",
                        "executeAsync");
        ArgumentCaptor<LockOptions> asked = ArgumentCaptor.forClass(LockOptions.class);
        verify(this.operations).acquireAsync(asked.capture());
        assertThat(asked.getValue().lockName()).isEqualTo(this.options.lockName());
        assertThat(asked.getValue().within()).isSameAs(this.lease);
        verify(this.kept, never()).close();

        later.complete("text");

        verify(this.kept).close();
    }

    /** The further lease re-enters the hold, whatever the method asks for. */
    @Test
    void keepsALockThatIsNotReEntered() {
        when(this.operations.acquireAsync(any())).thenReturn(CompletableFuture.completedFuture(this.kept));
        LockOptions strict = this.options.reentrant(false);
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> this.results.<@Nullable Object>check(
                        this.operation, strict, this.lease, new CompletableFuture<>()));
        verify(this.operations).acquireAsync(this.options.within(this.lease));
    }

    @Test
    void refusesAStageAlsoIfTheLockCannotBeKept() {
        IllegalStateException failure = new IllegalStateException("expected");
        when(this.operations.acquireAsync(any())).thenThrow(failure);
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> check(new CompletableFuture<>()))
                .withMessageContaining("could not be kept until it is done, and is released now")
                .satisfies(refusal -> assertThat(refusal).hasSuppressedException(failure));
    }

    static List<Object> unknown() {
        Flow.Publisher<String> publisher = subscriber -> {};
        return List.of(new FutureTask<>(() -> "text"), publisher, Mono.just("text"), Optional.of(Mono.just("text")));
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void refusesWhatDoesNotTellWhenItIsDone(Object result) {
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> check(result))
                .withMessageContainingAll(Work.class.getName() + ".run()", "not done", "the lock is released now")
                .satisfies(refusal -> assertThat(refusal.getLockName())
                        .isEqualTo(this.options.lockName().name()));
        verifyNoInteractions(this.operations);
    }

    @Test
    void passesOnAFutureThatIsDone() {
        FutureTask<String> done = new FutureTask<>(() -> "text");
        done.run();
        assertThat(check(done)).isSameAs(done);
    }

    static List<Object> code() {
        Supplier<String> supplier = () -> "text";
        Runnable runnable = () -> {};
        Iterator<String> iterator = new ArrayList<>(List.of("text")).iterator();
        return List.of(supplier, runnable, iterator, IntStream.of(1));
    }

    @ParameterizedTest
    @MethodSource("code")
    void passesOnWhatMayRunLater(Object result) {
        assertThat(check(result)).isSameAs(result);
        verifyNoInteractions(this.operations);
    }

    private @Nullable Object check(@Nullable Object result) {
        return this.results.<@Nullable Object>check(this.operation, this.options, this.lease, result);
    }

    static class Work {

        @DistributedLock
        Object run() {
            throw new UnsupportedOperationException("only parsed");
        }
    }
}
