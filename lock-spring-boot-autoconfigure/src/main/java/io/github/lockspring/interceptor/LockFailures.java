package io.github.lockspring.interceptor;

import io.github.lockspring.LockException;
import io.github.lockspring.LockFailureHandler;
import io.github.lockspring.LockFailureHandler.Call;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/**
 * What calls do that have not got their lock, before their body has run: their fallback, or skip, or ask the handlers of
 * the application, or fail. Thread-safe.
 */
final class LockFailures {

    private static final Logger logger = LoggerFactory.getLogger(LockFailures.class);

    private final BeanFactory beanFactory;

    /** Looked up at the first failure: they may need beans that are not there earlier. */
    private volatile @Nullable List<LockFailureHandler> handlers;

    /** Looked up at the first call that is skipped. */
    private volatile @Nullable List<LockMonitor> monitors;

    LockFailures(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    @Nullable Object answer(
            LockOperation operation,
            LockOptions options,
            @Nullable Object target,
            @Nullable Object[] args,
            LockException failure)
            throws Throwable {
        LeaseParameters leases = operation.leases();
        if (leases != null) {
            leases.set(args, null);
        }
        Fallback fallback = operation.fallback();
        if (fallback != null && fallback.answers(failure)) {
            Object result = fallback.call(target, args, failure);
            if (!fallback.suspends() && !fits(operation.declaration(), result)) {
                throw misfit(
                        operation.declaration(),
                        "fallback " + fallback.method().getName(),
                        result,
                        "throw an exception",
                        failure);
            }
            return result;
        }
        if (operation.skips() && failure instanceof LockNotAcquiredException contended) {
            logger.debug("Skipped {}: {}", operation.declaration(), failure.getMessage());
            tellMonitors(contended);
            return SkippedResult.of(operation.declaration().returnType());
        }
        return ask(operation, options, target, args, failure);
    }

    /** Not by way of the engine: which one it was is known to the operations alone. */
    private void tellMonitors(LockNotAcquiredException failure) {
        for (LockMonitor monitor : monitors()) {
            try {
                monitor.skipped(failure);
            } catch (RuntimeException | Error ex) {
                logger.warn("A lock monitor failed", ex);
            }
        }
    }

    /** None where they cannot be created, as while the application shuts down: the call is skipped all the same. */
    private List<LockMonitor> monitors() {
        List<LockMonitor> known = this.monitors;
        if (known == null) {
            try {
                known = this.beanFactory
                        .getBeanProvider(LockMonitor.class)
                        .orderedStream()
                        .toList();
                this.monitors = known;
            } catch (RuntimeException | Error ex) {
                logger.warn("The lock monitors cannot be told of calls that are skipped", ex);
                return List.of();
            }
        }
        return known;
    }

    private @Nullable Object ask(
            LockOperation operation,
            LockOptions options,
            @Nullable Object target,
            @Nullable Object[] args,
            LockException failure)
            throws Throwable {
        List<LockFailureHandler> asked = handlers(failure);
        if (asked.isEmpty()) {
            throw failure;
        }
        List<@Nullable Object> arguments =
                Arrays.asList(args).subList(0, operation.parameters().count());
        Call call = new Call(operation.declaration().method(), target, arguments, options);
        for (LockFailureHandler handler : asked) {
            Object result;
            try {
                result = handler.handle(call, failure);
            } catch (LockException passed) {
                if (passed == failure) {
                    continue;
                }
                throw passed;
            }
            if (!fits(operation.declaration(), result)) {
                throw misfit(
                        operation.declaration(),
                        "LockFailureHandler " + handler.getClass().getName(),
                        result,
                        "throw the given failure to let it pass",
                        failure);
            }
            return result;
        }
        throw failure;
    }

    /** Handlers that cannot be created, as while the application shuts down, do not hide the failure. */
    private List<LockFailureHandler> handlers(LockException failure) {
        List<LockFailureHandler> known = this.handlers;
        if (known == null) {
            try {
                known = this.beanFactory
                        .getBeanProvider(LockFailureHandler.class)
                        .orderedStream()
                        .toList();
                this.handlers = known;
            } catch (BeansException | IllegalStateException ex) {
                failure.addSuppressed(ex);
                throw failure;
            }
        }
        return known;
    }

    /** Where a result does not fit, the caller would see a failure of the proxy, or none at all. */
    private static boolean fits(LockDeclaration declaration, @Nullable Object result) {
        Class<?> returnType = declaration.returnType();
        return returnType == void.class ? result == null : ClassUtils.isAssignableValue(returnType, result);
    }

    private static IllegalStateException misfit(
            LockDeclaration declaration,
            String giver,
            @Nullable Object result,
            String otherwise,
            LockException failure) {
        Class<?> returnType = declaration.returnType();
        return new IllegalStateException(
                "The " + giver + " returned "
                        + (result == null
                                ? "null"
                                : "a value of " + result.getClass().getName()) + " for "
                        + declaration + ", which returns " + returnType.getName()
                        + ": return a value of that type" + (returnType == void.class ? ", which is null," : "")
                        + " or " + otherwise,
                failure);
    }
}
