package io.github.lockspring.interceptor;

import io.github.lockspring.LockAction;
import io.github.lockspring.LockCallback;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.function.SingletonSupplier;

/**
 * Runs the body of an annotated method under its lock; the common logic of interceptor and aspect. The body never runs
 * without the lock; its exceptions reach the caller unchanged. Thread-safe.
 *
 * @since 0.1
 */
public final class LockAspectSupport {

    private final LockOperationSource source;

    private final Supplier<LockOperations> operations;

    private final LockKeyEvaluator keys;

    private final AsynchronousResults results;

    /**
     * Creates the support.
     *
     * @param source what the annotations ask for
     * @param operations acquires and releases; obtained at the first call
     * @param beanFactory where expressions find beans
     */
    public LockAspectSupport(LockOperationSource source, Supplier<LockOperations> operations, BeanFactory beanFactory) {
        this.source = source;
        this.operations = SingletonSupplier.of(operations);
        this.keys = new LockKeyEvaluator(beanFactory);
        this.results = new AsynchronousResults(this.operations);
    }

    /**
     * Returns whether no method is locked, regardless of annotations.
     *
     * @return whether the source is {@link LockOperationSource#none()}
     */
    public boolean locksNothing() {
        return this.source.isNone();
    }

    /**
     * Runs a body under the lock its method asks for; without annotation, simply runs it.
     *
     * @param method the method, as seen by the caller
     * @param target the object it is called on, {@code null} for a static method
     * @param args the arguments
     * @param body what the method does
     * @return what the body returns
     * @throws Throwable what the body throws, or a {@link io.github.lockspring.LockException}; an {@link
     *     InvalidLockAnnotationException} also if the work of the result continues after the return
     */
    public @Nullable Object invoke(
            Method method,
            @Nullable Object target,
            @Nullable Object[] args,
            LockAction<@Nullable Object, Throwable> body)
            throws Throwable {
        Class<?> targetClass = target != null ? target.getClass() : method.getDeclaringClass();
        LockOperation operation = this.source.operation(method, targetClass);
        if (operation == null) {
            return body.run();
        }
        LockOptions options = this.keys.options(operation, target, args);
        LockCallback<@Nullable Object, Throwable> callback =
                lease -> this.results.check(operation, options, lease, body.run());
        return this.operations.get().call(options, callback);
    }
}
