package io.github.lockspring.interceptor;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockOptions;
import java.lang.ref.Reference;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.MethodClassKey;
import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;

/**
 * Refuses results that go on after the return, when the lock is released: by the declared type at start-up, by the
 * result itself at the call. Thread-safe.
 */
final class AsynchronousResults {

    /** What to do where a result is refused. */
    static final String REMEDY =
            "Return the result itself, declare a CompletableFuture that is done when all work is, or"
                    + " run the work with LockOperations.executeAsync";

    private static final Logger logger = LoggerFactory.getLogger(AsynchronousResults.class);

    private final Supplier<AsyncLocks> locks;

    private final List<AsyncResults> asynchronous;

    private final Set<MethodClassKey> told = ConcurrentHashMap.newKeySet();

    AsynchronousResults(Supplier<AsyncLocks> locks, List<AsyncResults> asynchronous) {
        this.locks = locks;
        this.asynchronous = asynchronous;
    }

    /** Whether the declared type says that a method returns before its work is done. */
    static boolean isReturnedBy(LockDeclaration declaration) {
        Method method = declaration.method();
        return goesOn(KotlinFunctions.result(method, declaration.beanClass()));
    }

    private static boolean goesOn(ResolvableType type) {
        Class<?> declared = type.resolve(Object.class);
        ResultKind kind = ResultKind.of(declared);
        return switch (kind) {
            case WRAPPER -> Arrays.stream(type.getGenerics()).anyMatch(AsynchronousResults::goesOn);
            // A class may be a value that can also be called; such results are detected at the call.
            case LAZY -> declared.isInterface();
            default ->
                kind.goesOn()
                        || elements(type, declared)
                                .anyMatch(element -> ResultKind.of(element.resolve(Object.class))
                                        .goesOn());
        };
    }

    private static Stream<ResolvableType> elements(ResolvableType type, Class<?> declared) {
        if (declared.isArray()) {
            return Stream.of(type.getComponentType());
        }
        return Iterable.class.isAssignableFrom(declared) || Map.class.isAssignableFrom(declared)
                ? Arrays.stream(type.getGenerics())
                : Stream.empty();
    }

    /**
     * Passes on a result whose work is done, or a future in its place that holds the lock until it is.
     *
     * @throws InvalidLockAnnotationException if its work continues otherwise; the lock is kept until that is done, if
     *     the result shows when it is
     */
    @Nullable Object check(LockOperation operation, LockOptions options, LockLease lease, @Nullable Object result) {
        if (result == null || ResultKind.of(result.getClass()) == ResultKind.VALUE) {
            return result;
        }
        for (AsyncResults results : this.asynchronous) {
            Object held = results.goOn(result, operation.declaration().returnType(), this.locks.get(), options, lease);
            if (held != null) {
                return held;
            }
        }
        Object inner = result;
        while (inner != null && ResultKind.of(inner.getClass()) == ResultKind.WRAPPER) {
            inner = unwrap(inner);
        }
        if (inner != null) {
            checkUnwrapped(operation, options, lease, inner);
        }
        return result;
    }

    private void checkUnwrapped(LockOperation operation, LockOptions options, LockLease lease, Object result) {
        switch (ResultKind.of(result.getClass())) {
            case VALUE, WRAPPER -> {}
            case STAGE -> checkStage(operation, options, lease, (CompletionStage<?>) result);
            case FUTURE -> {
                if (!((Future<?>) result).isDone()) {
                    throw refusal(
                            operation,
                            result,
                            "there is no way to find out when it is done, so the lock is" + " released now");
                }
            }
            case LATER ->
                throw refusal(
                        operation,
                        result,
                        "there is no way to find out when it is done, so the lock" + " is released now");
            case LAZY, CODE -> tell(operation.declaration(), result);
        }
    }

    private static @Nullable Object unwrap(Object wrapper) {
        if (wrapper instanceof Optional<?> optional) {
            return optional.orElse(null);
        }
        Method body = ReflectionUtils.findMethod(wrapper.getClass(), "getBody");
        return body != null ? ReflectionUtils.invokeMethod(body, wrapper) : null;
    }

    private void checkStage(LockOperation operation, LockOptions options, LockLease lease, CompletionStage<?> stage) {
        if (StageResults.isDone(stage)) {
            return;
        }
        try {
            keep(options, lease, stage);
        } catch (RuntimeException ex) {
            InvalidLockAnnotationException refusal =
                    refusal(operation, stage, "the lock could not be kept until it is done, and is released now");
            refusal.addSuppressed(ex);
            throw refusal;
        }
        throw refusal(operation, stage, "the lock is kept until it is done, unless its lease is lost before");
    }

    /** Has a further lease of the same hold outlive the call, also if the method must not re-enter it. */
    private void keep(LockOptions options, LockLease lease, CompletionStage<?> stage) {
        CompletionStage<LockLease> kept = this.locks
                .get()
                .operations()
                .acquireAsync(options.reentrant(true).within(lease));
        CompletionStage<?> unused = stage.whenComplete((value, failure) -> close(kept, lease));
    }

    /** A hold whose first lease is unreachable would be given back once the thread that it is bound to has ended. */
    private static void close(CompletionStage<LockLease> kept, LockLease first) {
        try {
            CompletionStage<Void> unused = kept.thenAccept(LockLease::close);
        } finally {
            Reference.reachabilityFence(first);
        }
    }

    static InvalidLockAnnotationException refusal(LockOperation operation, Object result, String consequence) {
        // The name alone: keys may be masked.
        LockName lock = LockName.of(operation.options().lockName().name());
        LockAnnotationProblem problem = operation
                .declaration()
                .problem(
                        "",
                        "it returned a result whose work is not done ("
                                + result.getClass().getName() + "): " + consequence,
                        REMEDY);
        return new InvalidLockAnnotationException(lock, problem, null);
    }

    private void tell(LockDeclaration declaration, Object result) {
        if (this.told.add(new MethodClassKey(declaration.method(), declaration.beanClass()))) {
            logger.warn(
                    "{} returned {}: work that is done when that is called or read runs without the lock, which is"
                            + " released when the method returns. Do the work inside the method and return its"
                            + " result, or use"
                            + " LockOperations around it. This warning is logged once per method",
                    declaration,
                    result.getClass().getName());
        }
    }
}
