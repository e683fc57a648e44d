package io.github.lockspring.interceptor;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.support.ReflectivePropertyAccessor;
import org.springframework.util.ClassUtils;

/**
 * The type of an expression, as far as declared types show it and it holds for every call; {@code null} if it is not
 * known. A subtype may have more members than its declared type, so only types without subtypes show that a member is
 * missing.
 */
final class LockKeyTypes {

    private static final Members MEMBERS = new Members();

    private final LockDeclaration declaration;

    private final LockParameters parameters;

    LockKeyTypes(LockDeclaration declaration, LockParameters parameters) {
        this.declaration = declaration;
        this.parameters = parameters;
    }

    /** The type of a node, possibly a chain of properties and calls. */
    @Nullable ResolvableType typeOf(SpelNode node, boolean ofCall) {
        return node instanceof CompoundExpression
                ? typeOf(node, node.getChildCount(), ofCall)
                : typeOfHead(node, ofCall);
    }

    /** The first link of a chain that reads a property which its type does not have, {@code null} if there is none. */
    @Nullable MissingProperty missing(CompoundExpression chain, boolean ofCall) {
        for (int i = 1; i < chain.getChildCount(); i++) {
            if (chain.getChild(i) instanceof PropertyOrFieldReference property) {
                ResolvableType owner = typeOf(chain, i, ofCall);
                if (owner != null && lacks(owner, property)) {
                    return new MissingProperty(classOf(owner), property.getName());
                }
            }
        }
        return null;
    }

    private static boolean lacks(ResolvableType owner, PropertyOrFieldReference property) {
        Class<?> type = classOf(owner);
        if (type == Class.class || type == Optional.class && property.isNullSafe() || !isFinal(type)) {
            return false;
        }
        return type.isArray() ? !property.getName().equals("length") : propertyOf(owner, property.getName()) == null;
    }

    /** The type of the first links of a chain. */
    @Nullable ResolvableType typeOf(SpelNode chain, int length, boolean ofCall) {
        @Nullable ResolvableType type = typeOfHead(chain.getChild(0), ofCall);
        for (int i = 1; i < length && type != null; i++) {
            type = typeOfLink(type, chain.getChild(i));
        }
        return type;
    }

    private @Nullable ResolvableType typeOfHead(SpelNode head, boolean ofCall) {
        if (ofCall && head instanceof PropertyOrFieldReference property) {
            return propertyOf(ResolvableType.forClass(LockExpressionRoot.class), property.getName());
        }
        if (!(head instanceof VariableReference)) {
            return null;
        }
        String variable = head.toStringAST().substring(1);
        if (variable.equals("root")) {
            return ResolvableType.forClass(LockExpressionRoot.class);
        }
        Integer index = this.parameters.indexOf(variable);
        return index != null
                ? ResolvableType.forMethodParameter(this.declaration.method(), index, this.declaration.beanClass())
                : null;
    }

    private static @Nullable ResolvableType typeOfLink(ResolvableType owner, SpelNode link) {
        Class<?> type = classOf(owner);
        if (type == Class.class || type == Optional.class && link instanceof PropertyOrFieldReference) {
            return null;
        }
        if (link instanceof PropertyOrFieldReference property) {
            return propertyOf(owner, property.getName());
        }
        return link instanceof MethodReference call && call.getChildCount() == 0
                ? typeOfCall(owner, call.getName())
                : null;
    }

    private static @Nullable ResolvableType typeOfCall(ResolvableType owner, String method) {
        try {
            return returnTypeOf(classOf(owner).getMethod(method), owner);
        } catch (NoSuchMethodException | LinkageError ex) {
            return null;
        }
    }

    /** A getter of a type is one of all its subtypes; a field may be hidden there behind a getter. */
    static @Nullable ResolvableType propertyOf(ResolvableType owner, String name) {
        Class<?> type = classOf(owner);
        try {
            Method getter = MEMBERS.findGetterForProperty(name, type, false);
            if (getter != null) {
                return returnTypeOf(getter, owner);
            }
            Field field = isFinal(type) ? MEMBERS.findField(name, type, false) : null;
            return field != null ? ResolvableType.forField(field, owner) : null;
        } catch (LinkageError ex) {
            return ResolvableType.forClass(Object.class);
        }
    }

    static ResolvableType returnTypeOf(Method method, ResolvableType owner) {
        return ResolvableType.forType(method.getGenericReturnType(), owner.as(method.getDeclaringClass()));
    }

    static Class<?> classOf(ResolvableType type) {
        return ClassUtils.resolvePrimitiveIfNecessary(type.resolve(Object.class));
    }

    private static boolean isFinal(Class<?> type) {
        return Modifier.isFinal(type.getModifiers());
    }

    /**
     * A property that no value of a type has.
     *
     * @param type the type
     * @param name the name of the property
     */
    record MissingProperty(Class<?> type, String name) {}

    /** Finds the member that SpEL would find. */
    private static final class Members extends ReflectivePropertyAccessor {

        @Override
        protected @Nullable Method findGetterForProperty(String name, Class<?> type, boolean mustBeStatic) {
            return super.findGetterForProperty(name, type, mustBeStatic);
        }

        @Override
        protected @Nullable Field findField(String name, Class<?> type, boolean mustBeStatic) {
            return super.findField(name, type, mustBeStatic);
        }
    }
}
