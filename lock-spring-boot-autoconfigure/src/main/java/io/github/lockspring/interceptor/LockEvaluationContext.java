package io.github.lockspring.interceptor;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.ConstructorResolver;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.IndexAccessor;
import org.springframework.expression.MethodResolver;
import org.springframework.expression.OperatorOverloader;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypeComparator;
import org.springframework.expression.TypeConverter;
import org.springframework.expression.TypeLocator;
import org.springframework.expression.TypedValue;

/**
 * One call, seen by the expressions of its annotation. Reads arguments where they are, shares everything else with all calls, and
 * refuses unknown variables, which would silently be {@code null} otherwise.
 */
final class LockEvaluationContext implements EvaluationContext {

    private final EvaluationContext shared;

    private final LockOperation operation;

    private final TypedValue root;

    private final @Nullable Object[] args;

    private final LockKeyConverters converters;

    LockEvaluationContext(
            EvaluationContext shared,
            LockKeyConverters converters,
            LockOperation operation,
            @Nullable Object target,
            @Nullable Object[] args) {
        this.shared = shared;
        this.converters = converters;
        this.operation = operation;
        this.root =
                new TypedValue(new LockExpressionRoot(operation.declaration().method(), target, args));
        this.args = args;
    }

    @Override
    public TypedValue getRootObject() {
        return this.root;
    }

    @Override
    public @Nullable Object lookupVariable(String name) {
        Integer index = this.operation.parameters().indexOf(name);
        if (index == null) {
            throw new EvaluationException("unknown variable #" + name);
        }
        return this.args[index];
    }

    /** The text of a value that a key expression joins to others. */
    String textOf(@Nullable Object value) {
        return this.converters.textOf(value);
    }

    @Override
    public void setVariable(String name, @Nullable Object value) {
        throw new EvaluationException("The expression cannot assign #" + name);
    }

    @Override
    public boolean isAssignmentEnabled() {
        return false;
    }

    @Override
    public List<PropertyAccessor> getPropertyAccessors() {
        return this.shared.getPropertyAccessors();
    }

    @Override
    public List<IndexAccessor> getIndexAccessors() {
        return this.shared.getIndexAccessors();
    }

    @Override
    public List<ConstructorResolver> getConstructorResolvers() {
        return this.shared.getConstructorResolvers();
    }

    @Override
    public List<MethodResolver> getMethodResolvers() {
        return this.shared.getMethodResolvers();
    }

    @Override
    public @Nullable BeanResolver getBeanResolver() {
        return this.shared.getBeanResolver();
    }

    @Override
    public TypeLocator getTypeLocator() {
        return this.shared.getTypeLocator();
    }

    @Override
    public TypeConverter getTypeConverter() {
        return this.shared.getTypeConverter();
    }

    @Override
    public TypeComparator getTypeComparator() {
        return this.shared.getTypeComparator();
    }

    @Override
    public OperatorOverloader getOperatorOverloader() {
        return this.shared.getOperatorOverloader();
    }
}
