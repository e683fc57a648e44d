package io.github.lockspring.autoconfigure;

import io.micrometer.context.ContextSnapshotFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.core.task.TaskDecorator;
import org.springframework.security.concurrent.DelegatingSecurityContextRunnable;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.util.ClassUtils;

/**
 * The thread-local values of the thread that has created it, for tasks of other threads: what the decorators of the
 * application carry, what Micrometer's context propagation knows, the security context and slf4j's MDC. Those that are
 * set last are the application's. Thread-safe.
 */
final class CallerValues {

    private static final boolean PROPAGATES = isPresent("io.micrometer.context.ContextSnapshotFactory");

    private static final boolean SECURES =
            isPresent("org.springframework.security.concurrent.DelegatingSecurityContextRunnable");

    /** From the inside to the outside. */
    private final List<UnaryOperator<Runnable>> values;

    private CallerValues(List<UnaryOperator<Runnable>> values) {
        this.values = values;
    }

    static CallerValues capture(List<TaskDecorator> decorators) {
        UnaryOperator<Runnable> decorated =
                decorators.isEmpty() ? UnaryOperator.identity() : new DecoratedTasks(decorators)::decorate;
        return new CallerValues(List.of(
                decorated,
                SECURES ? Security.capture() : UnaryOperator.identity(),
                PROPAGATES ? Propagation.capture() : UnaryOperator.identity(),
                mdc()));
    }

    /** An executor that runs its tasks with these values, by another one. */
    Executor on(Executor executor) {
        return task -> executor.execute(with(task));
    }

    /** A task that runs with these values. */
    Runnable with(Runnable task) {
        Runnable wrapped = task;
        for (UnaryOperator<Runnable> value : this.values) {
            wrapped = value.apply(wrapped);
        }
        return wrapped;
    }

    private static UnaryOperator<Runnable> mdc() {
        Map<String, String> caller = MDC.getCopyOfContextMap();
        return task -> () -> {
            Map<String, String> before = MDC.getCopyOfContextMap();
            setMdc(caller);
            try {
                task.run();
            } finally {
                setMdc(before);
            }
        };
    }

    private static void setMdc(@Nullable Map<String, String> values) {
        if (values != null) {
            MDC.setContextMap(values);
        } else {
            MDC.clear();
        }
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, CallerValues.class.getClassLoader());
    }

    /** Loaded only where Micrometer's context propagation is there. */
    private static final class Propagation {

        private static final ContextSnapshotFactory SNAPSHOTS =
                ContextSnapshotFactory.builder().build();

        private static UnaryOperator<Runnable> capture() {
            return SNAPSHOTS.captureAll()::wrap;
        }
    }

    /** Loaded only where Spring Security is there. Inside of context propagation, which shares the context. */
    private static final class Security {

        private static UnaryOperator<Runnable> capture() {
            SecurityContext caller = copy(SecurityContextHolder.getContext());
            return task -> new DelegatingSecurityContextRunnable(task, caller);
        }

        /** The caller may log in or out while its task waits for the lock, which changes the context that it has. */
        private static SecurityContext copy(SecurityContext context) {
            return context instanceof SecurityContextImpl
                    ? new SecurityContextImpl(context.getAuthentication())
                    : context;
        }
    }
}
