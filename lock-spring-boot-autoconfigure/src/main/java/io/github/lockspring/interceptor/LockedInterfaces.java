package io.github.lockspring.interceptor;

import io.github.lockspring.annotation.DistributedLock;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/**
 * Finds the annotation of an interface whose method a super class implements without knowing the interface:
 * {@code class Base { public void work() {} }}, {@code class Job extends Base implements LockedWork {}}.
 */
final class LockedInterfaces {

    /** The annotated interfaces of a class, nearly always none: in that case, the search must be cheap. */
    private static final ClassValue<List<Class<?>>> ANNOTATED = new ClassValue<>() {

        @Override
        protected List<Class<?>> computeValue(Class<?> type) {
            return ClassUtils.getAllInterfacesForClassAsSet(type).stream()
                    .filter(LockedInterfaces::isAnnotated)
                    .toList();
        }
    };

    private LockedInterfaces() {}

    /**
     * The annotation of an interface method or, if there is none, of an interface that has the method; {@code null} also
     * if the interface method is excluded.
     */
    static @Nullable MergedAnnotations find(Method body, Class<?> beanClass) {
        List<Class<?>> interfaces = ANNOTATED.get(beanClass);
        if (interfaces.isEmpty() || !Modifier.isPublic(body.getModifiers())) {
            return null;
        }
        List<Method> declared = interfaces.stream()
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> isImplementedBy(body, method, beanClass))
                .toList();
        for (Method method : declared) {
            MergedAnnotations ofMethod = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
            if (LockDeclaration.isExcluded(ofMethod)) {
                return null;
            }
            if (isPresent(ofMethod)) {
                return ofMethod;
            }
        }
        return interfaces.stream()
                .filter(type -> declares(type, declared))
                .map(type -> MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY))
                .filter(LockedInterfaces::isPresent)
                .findFirst()
                .orElse(null);
    }

    private static boolean isImplementedBy(Method body, Method declared, Class<?> beanClass) {
        return declared.getName().equals(body.getName())
                && declared.getParameterCount() == body.getParameterCount()
                && !Modifier.isStatic(declared.getModifiers())
                && LockDeclaration.methodOf(declared, beanClass).equals(body);
    }

    private static boolean declares(Class<?> type, List<Method> declared) {
        return declared.stream().anyMatch(Arrays.asList(type.getMethods())::contains);
    }

    private static boolean isAnnotated(Class<?> type) {
        return isPresent(MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY))
                || Arrays.stream(type.getMethods())
                        .anyMatch(method -> isPresent(MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)));
    }

    private static boolean isPresent(MergedAnnotations annotations) {
        return annotations.isPresent(DistributedLock.class);
    }
}
