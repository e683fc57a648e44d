package io.github.lockspring.interceptor;

import io.github.lockspring.annotation.DistributedLock;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotationConfigurationException;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Finds annotated methods of classes that are not woven, and annotations that weaving does not see. */
final class LockWeavingCheck {

    private static final String ASPECT = "io.github.lockspring.aspectj.DistributedLockAspect";

    /** By name: AspectJ need not be there. */
    private static final String JOIN_POINT = "org.aspectj.lang.JoinPoint";

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
        return type.methods().stream()
                .filter(declaration -> Proxy.isProxyClass(target)
                        || !declaration.method().getDeclaringClass().isAssignableFrom(target))
                .filter(declaration -> !isWoven(declaration.method(), proxyClass) && !isWoven(declaration.method()))
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
        if (!isWoven(declaration.method())) {
            return declaration.problem(
                    "",
                    "the lock is not woven into its class",
                    "Start the JVM with the AspectJ agent and an aop.xml that names the aspect " + ASPECT
                            + " and includes the class, or use proxies: distributed-lock.advice-mode=proxy");
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

    /**
     * Whether the lock is woven into a method. The weaver moves the body of a method that has around advice to a method
     * of its own, which is given the join point if the advice takes it, as that of the aspect does. Whose advice it is
     * does not show: it is taken for the lock if the aspect has been woven at all.
     */
    static boolean isWoven(Method method) {
        return isWoven(method, method.getDeclaringClass());
    }

    private static boolean isWoven(Method method, Class<?> type) {
        List<String> parameters = new ArrayList<>();
        if (!Modifier.isStatic(method.getModifiers())) {
            parameters.add(type.getName());
        }
        parameters.addAll(names(method));
        parameters.add(JOIN_POINT);
        return isAspectWoven(type)
                && Arrays.stream(type.getDeclaredMethods())
                        .filter(body -> body.getName().startsWith(method.getName() + "_aroundBody"))
                        .anyMatch(body -> names(body).equals(parameters));
    }

    private static List<String> names(Method method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::getName).toList();
    }

    /** The weaver gives it the method through which woven classes find it. */
    private static boolean isAspectWoven(Class<?> seenFrom) {
        try {
            return ClassUtils.hasMethod(ClassUtils.forName(ASPECT, seenFrom.getClassLoader()), "aspectOf");
        } catch (ClassNotFoundException | LinkageError ex) {
            return false; // There is no AspectJ.
        }
    }
}
