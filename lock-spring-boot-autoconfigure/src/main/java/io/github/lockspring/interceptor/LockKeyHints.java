package io.github.lockspring.interceptor;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.TypeReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.util.ClassUtils;

/**
 * Lets a native image evaluate the expressions of annotations, as far as declared types show what these read: parameters,
 * beans and types that are named, what properties and calls of all these return, and the elements of their arrays and
 * collections. Of a call that is all that public methods of that name return, whatever its arguments. A chain is not
 * followed behind an index, a selection or a projection. Of subtypes of a declared type, the application has to give hints
 * itself.
 */
final class LockKeyHints {

    private static final BindingReflectionHintsRegistrar BINDING = new BindingReflectionHintsRegistrar();

    private final ReflectionHints hints;

    private final ConfigurableBeanFactory beans;

    private final Set<Class<?>> reached = new HashSet<>();

    LockKeyHints(ReflectionHints hints, ConfigurableBeanFactory beans) {
        this.hints = hints;
        this.beans = beans;
    }

    void register(LockOperation operation) {
        LockKeyTypes types = new LockKeyTypes(operation.declaration(), operation.parameters());
        operation.key().forEach(part -> register(part.expression(), types));
        LockCondition condition = operation.condition();
        if (condition != null) {
            register(condition.expression(), types);
        }
    }

    private void register(Expression expression, LockKeyTypes types) {
        if (expression instanceof SpelExpression spel) {
            walk(spel.getAST(), types);
        }
    }

    private void walk(SpelNode node, LockKeyTypes types) {
        if (node instanceof CompoundExpression) {
            List<ResolvableType> owners = typesOf(node.getChild(0), types);
            for (int i = 1; i < node.getChildCount(); i++) {
                owners = typesOfLink(owners, node.getChild(i));
                owners.forEach(this::reach);
            }
        }
        typesOf(node, types).forEach(this::reach);
        for (int i = 0; i < node.getChildCount(); i++) {
            walk(node.getChild(i), types);
        }
    }

    /** A name may be that of a type of {@code java.lang}, too. */
    private List<ResolvableType> typesOf(SpelNode node, LockKeyTypes types) {
        List<ResolvableType> found = new ArrayList<>();
        if (node instanceof BeanReference bean) {
            add(found, typeOfBean(bean.toStringAST().substring(1).replace("'", "")));
        } else if (node instanceof TypeReference type) {
            String name = type.getChild(0).toStringAST();
            add(found, typeNamed(name));
            add(found, typeNamed("java.lang." + name));
        } else if (!(node instanceof CompoundExpression)) {
            add(found, types.typeOf(node, true));
        }
        return found;
    }

    private static void add(List<ResolvableType> types, @Nullable ResolvableType type) {
        if (type != null) {
            types.add(type);
        }
    }

    private @Nullable ResolvableType typeOfBean(String name) {
        Class<?> type = this.beans.containsBean(name) ? this.beans.getType(name, false) : null;
        return type != null ? ResolvableType.forClass(type) : null;
    }

    private @Nullable ResolvableType typeNamed(String name) {
        try {
            return ResolvableType.forClass(ClassUtils.forName(name, this.beans.getBeanClassLoader()));
        } catch (ClassNotFoundException | LinkageError ex) {
            return null;
        }
    }

    private static List<ResolvableType> typesOfLink(List<ResolvableType> owners, SpelNode link) {
        List<ResolvableType> found = new ArrayList<>();
        for (ResolvableType owner : owners) {
            if (link instanceof PropertyOrFieldReference property) {
                add(found, LockKeyTypes.propertyOf(owner, property.getName()));
                addField(found, owner, property.getName());
            } else if (link instanceof MethodReference call) {
                addCalls(found, owner, call.getName());
            }
        }
        return found;
    }

    private static void addField(List<ResolvableType> types, ResolvableType owner, String name) {
        try {
            types.add(ResolvableType.forField(LockKeyTypes.classOf(owner).getField(name), owner));
        } catch (NoSuchFieldException | LinkageError ex) {
            // It has no such field, or its fields cannot be seen at the build.
        }
    }

    private static void addCalls(List<ResolvableType> types, ResolvableType owner, String name) {
        try {
            for (Method method : LockKeyTypes.classOf(owner).getMethods()) {
                if (method.getName().equals(name)) {
                    types.add(LockKeyTypes.returnTypeOf(method, owner));
                }
            }
        } catch (LinkageError ex) {
            // Its methods cannot be seen at the build.
        }
    }

    private void reach(ResolvableType type) {
        reach(type, new HashSet<>());
    }

    /**
     * Its members, those of its type arguments and elements, and those of what makes up the text of a record. A type variable may be
     * bounded by itself.
     */
    private void reach(ResolvableType type, Set<Type> within) {
        Class<?> reachedType = LockKeyTypes.classOf(type);
        if (reachedType != Object.class && this.reached.add(reachedType)) {
            register(reachedType, type);
        }
        if (within.add(type.getType())) {
            for (ResolvableType generic : type.getGenerics()) {
                reach(generic, within);
            }
            if (type.isArray()) {
                reach(type.getComponentType(), within);
            }
        }
    }

    private void register(Class<?> type, ResolvableType declared) {
        this.hints.registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS);
        try {
            for (Field field : type.getFields()) {
                this.hints.registerField(field);
            }
            BINDING.registerReflectionHints(this.hints, declared.getType());
            if (type.isRecord()) {
                for (RecordComponent component : type.getRecordComponents()) {
                    reach(ResolvableType.forType(component.getGenericType(), declared));
                }
            }
        } catch (LinkageError ex) {
            // A class that a member mentions is not on the class path of the build.
        }
    }
}
