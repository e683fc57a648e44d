package io.github.lockspring.interceptor;

import io.github.lockspring.LockException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Holds locks until a {@link CompletionStage} completes: methods that declare one, {@link CompletableFuture}, or {@link
 * Future}. The caller gets a future of its own: cancelling it gives up the place in the queue, or cancels that of the
 * method.
 */
final class StageResults implements AsyncResults {

    @Override
    public boolean supports(Method method, Class<?> returnType) {
        return Future.class.isAssignableFrom(returnType) && returnType.isAssignableFrom(CompletableFuture.class)
                || returnType == CompletionStage.class;
    }

    @Override
    public boolean outlivesTransaction() {
        return true;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The caller of the method gets it.
    public Object invoke(AsyncCall call) throws Throwable {
        if (!call.applies()) {
            return stage(call, call.proceed(null));
        }
        LockOptions options = call.options();
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<@Nullable Object> locked = call.locks()
                .operations()
                .<@Nullable Object>executeAsync(options, lease -> {
                    begun.set(true);
                    return caught(() -> stage(call, call.proceed(lease)));
                })
                .toCompletableFuture();
        CompletableFuture<CompletableFuture<?>> answered = new CompletableFuture<>();
        CompletableFuture<@Nullable Object> result = locked.exceptionallyCompose(failure -> {
            if (begun.get()) {
                return CompletableFuture.failedFuture(failure);
            }
            CompletionStage<@Nullable Object> answer = answer(call, options, failure);
            answered.complete(answer.toCompletableFuture());
            return answer;
        });
        CompletableFuture<@Nullable Object> unused = result.whenComplete((value, failure) -> {
            locked.cancel(true);
            CompletableFuture<Void> unusedAnswer = answered.thenAccept(answer -> answer.cancel(true));
        });
        return result;
    }

    @Override
    public @Nullable Object goOn(
            Object result, Class<?> returnType, AsyncLocks locks, LockOptions options, LockLease lease) {
        return result instanceof CompletionStage<?> stage
                        && !isDone(stage)
                        && returnType.isAssignableFrom(CompletableFuture.class)
                ? locks.operations().executeAsync(options.reentrant(true).within(lease), inner -> stage)
                : null;
    }

    static boolean isDone(CompletionStage<?> stage) {
        try {
            return stage.toCompletableFuture().isDone();
        } catch (UnsupportedOperationException ex) {
            return false;
        }
    }

    private static CompletionStage<@Nullable Object> answer(AsyncCall call, LockOptions options, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof LockException refusal && AsyncCall.isOfAcquisition(refusal)
                ? caught(() -> stage(call, call.answer(options, refusal)))
                : CompletableFuture.failedFuture(failure);
    }

    @SuppressWarnings("unchecked")
    private static CompletionStage<@Nullable Object> stage(AsyncCall call, @Nullable Object result) throws Exception {
        if (result instanceof CompletionStage<?> stage) {
            return (CompletionStage<@Nullable Object>) stage;
        }
        if (result instanceof Future<?> future) {
            if (!future.isDone()) {
                throw call.refusal(result, "there is no way to find out when it is done, so the lock is released now");
            }
            return CompletableFuture.completedFuture(future.get());
        }
        return CompletableFuture.completedFuture(result);
    }

    private static CompletionStage<@Nullable Object> caught(Body body) {
        try {
            return body.run();
        } catch (Throwable ex) {
            return CompletableFuture.failedFuture(ex);
        }
    }

    /** What returns a stage, or throws. */
    private interface Body {

        CompletionStage<@Nullable Object> run() throws Throwable;
    }
}
