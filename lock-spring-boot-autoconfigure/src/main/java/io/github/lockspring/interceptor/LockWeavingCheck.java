package io.github.lockspring.interceptor;

import io.github.lockspring.annotation.DistributedLock;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotationConfigurationException;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.util.ReflectionUtils;

/** Finds annotated methods of classes that are not woven, and annotations that weaving does not see. */
final class LockWeavingCheck {

    private static final String WOVEN_FIELD = "ajc$tjp";

    private LockWeavingCheck() {}

    static List<LockAnnotationProblem> check(List<LockDeclaration> methods) {
        List<LockAnnotationProblem> problems = new ArrayList<>();
        for (LockDeclaration declaration : methods) {
            LockAnnotationProblem problem = check(declaration);
            if (problem != null) {
                problems.add(problem);
            }
        }
        return problems;
    }

    /** Finds methods of beans that are generated from interfaces: there is no class to weave. */
    static List<LockAnnotationProblem> checkGenerated(Class<?> proxyClass, Class<?> target, LockedType type) {
        if (isWoven(proxyClass)) {
            return List.of();
        }
        return type.methods().stream()
                .filter(declaration -> Proxy.isProxyClass(target)
                        || !declaration.method().getDeclaringClass().isAssignableFrom(target))
                .filter(declaration -> !declaration.method().isDefault()
                        || !isWoven(declaration.method().getDeclaringClass()))
                .map(declaration -> declaration.problem(
                        "",
                        "the bean is generated from an interface, so that there is no class to weave",
                        "Use proxies: distributed-lock.advice-mode=proxy, or lock in a class that calls it"))
                .toList();
    }

    private static @Nullable LockAnnotationProblem check(LockDeclaration declaration) {
        if (!isSeen(declaration)) {
            return declaration.problem(
                    "",
                    "weaving does not see the annotation at this place",
                    "Put it on the method itself, or use proxies: distributed-lock.advice-mode=proxy");
        }
        if (!isWoven(declaration.method().getDeclaringClass())) {
            return declaration.problem(
                    "",
                    "its class is not woven",
                    "Start the JVM with the AspectJ agent and an aop.xml that names the aspect"
                            + " io.github.lockspring.aspectj.DistributedLockAspect, or use proxies:"
                            + " distributed-lock.advice-mode=proxy");
        }
        return null;
    }

    /** The pointcut of the aspect, in terms of reflection. */
    private static boolean isSeen(LockDeclaration declaration) {
        MergedAnnotation<DistributedLock> annotation;
        try {
            annotation = declaration.annotation();
        } catch (AnnotationConfigurationException ex) {
            return true; // Reported when it was parsed.
        }
        if (annotation.getSource() instanceof Class<?> type) {
            boolean isSuperType = type.isAssignableFrom(declaration.method().getDeclaringClass());
            return annotation.getDistance() <= 1 && isSuperType && isSeen(declaration, type)
                    || annotation.getDistance() == 0 && isSuperType && !type.isInterface();
        }
        return annotation.getDistance() <= 1 && declaration.method().equals(annotation.getSource());
    }

    private static boolean isSeen(LockDeclaration declaration, Class<?> annotated) {
        return ReflectionUtils.findMethod(
                        annotated,
                        declaration.method().getName(),
                        declaration.method().getParameterTypes())
                != null;
    }

    /** The weaver leaves a description of each join point behind. */
    static boolean isWoven(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .anyMatch(field -> field.getName().startsWith(WOVEN_FIELD));
    }
}
