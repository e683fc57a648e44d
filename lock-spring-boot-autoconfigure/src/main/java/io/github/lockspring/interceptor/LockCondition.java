package io.github.lockspring.interceptor;

import io.github.lockspring.LockName;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;

/**
 * Decides by the arguments of a call whether it needs the lock. Anything but a boolean is an error, {@code null}, too:
 * neither answer would be safe to guess.
 *
 * @param attribute the attribute as it is written, for messages
 * @param expression the expression to evaluate
 */
record LockCondition(String attribute, Expression expression) {

    /**
     * Whether the call needs the lock.
     *
     * @throws InvalidLockAnnotationException if the expression cannot tell
     */
    boolean holds(LockOperation operation, LockEvaluationContext context) {
        Object value;
        try {
            value = this.expression.getValue(context);
        } catch (EvaluationException ex) {
            throw failure(operation, "it cannot be evaluated: " + ex.getMessage(), ex);
        }
        if (value instanceof Boolean bool) {
            return bool;
        }
        throw failure(
                operation,
                value == null
                        ? "it evaluates to null, which is neither true nor false"
                        : "it evaluates to a value of " + value.getClass().getName() + ", not to a boolean",
                null);
    }

    private InvalidLockAnnotationException failure(
            LockOperation operation, String description, @Nullable Throwable cause) {
        return new InvalidLockAnnotationException(
                LockName.of(operation.options().lockName().name()),
                operation
                        .declaration()
                        .problem(
                                this.attribute,
                                description,
                                "Correct the expression, such as #order.urgent == true, or the arguments of the call"),
                cause);
    }
}
