package io.github.lockspring.interceptor;

import io.github.lockspring.LockKeyException;
import io.github.lockspring.LockName;
import io.github.lockspring.LockOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.spel.support.StandardEvaluationContext;

/** Evaluates condition and key of a call. Errors name method and expression; exceptions of beans are not changed. */
final class LockKeyEvaluator {

    private final EvaluationContext shared;

    private final LockKeyConverters converters;

    LockKeyEvaluator(BeanFactory beanFactory) {
        StandardEvaluationContext context = new StandardEvaluationContext();
        context.setBeanResolver(new BeanFactoryResolver(beanFactory));
        // These lists are created on first use, without synchronisation.
        context.getPropertyAccessors();
        context.getIndexAccessors();
        context.getMethodResolvers();
        context.getConstructorResolvers();
        this.shared = context;
        this.converters = new LockKeyConverters(beanFactory);
    }

    /** Whether a call needs the lock at all. */
    boolean applies(LockOperation operation, @Nullable Object target, @Nullable Object[] args) {
        LockCondition condition = operation.condition();
        return condition == null || condition.holds(operation, context(operation, target, args));
    }

    LockOptions options(LockOperation operation, @Nullable Object target, @Nullable Object[] args) {
        List<LockKeyExpression> key = operation.key();
        if (key.isEmpty()) {
            return operation.options();
        }
        LockEvaluationContext context = context(operation, target, args);
        @Nullable Object[] parts = new @Nullable Object[key.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = this.converters.convert(evaluate(operation, key.get(i), context));
        }
        return withKey(operation, parts);
    }

    private LockEvaluationContext context(LockOperation operation, @Nullable Object target, @Nullable Object[] args) {
        return new LockEvaluationContext(this.shared, this.converters, operation, target, args);
    }

    private static @Nullable Object evaluate(
            LockOperation operation, LockKeyExpression part, LockEvaluationContext context) {
        try {
            return part.expression().getValue(context);
        } catch (EvaluationException ex) {
            throw new LockKeyException(
                    operation.options().lockName().name(),
                    describe(operation, part) + " cannot be evaluated: " + ex.getMessage()
                            + ". Correct the expression, or the arguments of the call",
                    ex);
        }
    }

    @SuppressWarnings("NullAway") // Parts may be null: LockName refuses them, with the best message.
    private static LockOptions withKey(LockOperation operation, @Nullable Object[] parts) {
        try {
            return operation.options().key(parts);
        } catch (LockKeyException ex) {
            int refused = firstRefused(operation, parts);
            throw new LockKeyException(
                    ex.getLockName(),
                    describe(operation, operation.key().get(refused)) + ": " + ex.getMessage()
                            + LockKeyConverters.hint(parts[refused]),
                    ex);
        }
    }

    @SuppressWarnings("NullAway")
    private static int firstRefused(LockOperation operation, @Nullable Object[] parts) {
        for (int i = 0; i < parts.length - 1; i++) {
            try {
                LockName.of(operation.options().lockName().name(), new @Nullable Object[] {parts[i]});
            } catch (LockKeyException ex) {
                return i;
            }
        }
        return parts.length - 1;
    }

    private static String describe(LockOperation operation, LockKeyExpression part) {
        return "@DistributedLock(key = \"" + part.text() + "\") on " + operation.declaration();
    }
}
