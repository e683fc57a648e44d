package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The annotated methods of a class, and their problems, regardless of the caller.
 *
 * @param methods methods with an annotation
 * @param operations those of them whose annotation is right
 * @param problems problems with every kind of proxy
 * @param remarks what works, but possibly not as intended
 */
record LockedType(
        List<LockDeclaration> methods,
        List<LockOperation> operations,
        Set<LockAnnotationProblem> problems,
        List<LockAnnotationProblem> remarks) {

    /** An unknown class. */
    static final LockedType UNKNOWN = new LockedType(List.of(), List.of(), Set.of(), List.of());

    static LockedType of(Class<?> type, LockOperationSource source) {
        List<LockDeclaration> methods = new ArrayList<>();
        List<LockOperation> operations = new ArrayList<>();
        List<LockDeclaration> unnamed = new ArrayList<>();
        Set<LockAnnotationProblem> problems = new LinkedHashSet<>();
        for (Method method : methodsOf(type)) {
            LockDeclaration declaration = LockDeclaration.find(method, type);
            if (declaration == null) {
                continue;
            }
            methods.add(declaration);
            try {
                LockOperation operation = source.operation(declaration);
                operations.add(operation);
                LockAnnotationProblem unfair = source.fairness().check(operation);
                if (unfair != null) {
                    problems.add(unfair);
                }
                if (declaration.annotation().getString("name").isEmpty() && !isInherited(declaration)) {
                    unnamed.add(declaration);
                }
            } catch (InvalidLockAnnotationException ex) {
                problems.addAll(ex.getProblems());
            }
        }
        problems.addAll(overloads(unnamed));
        List<LockAnnotationProblem> remarks = new ArrayList<>(creations(methods));
        remarks.addAll(SkippedMessages.remarks(operations));
        remarks.addAll(HandlerMethods.remarks(operations));
        return new LockedType(List.copyOf(methods), List.copyOf(operations), problems, List.copyOf(remarks));
    }

    /** Whether it is a default method that was neither named nor annotated for this class. */
    private static boolean isInherited(LockDeclaration declaration) {
        return declaration.annotatedMethod() == null
                && declaration.method().getDeclaringClass().isInterface();
    }

    private static List<LockAnnotationProblem> creations(List<LockDeclaration> methods) {
        return methods.stream()
                .filter(declaration -> AnnotatedElementUtils.hasAnnotation(declaration.method(), Bean.class))
                .map(declaration -> declaration.problem(
                        "",
                        "it is a @Bean method, so the lock is held while the bean is created, not while methods of"
                                + " the bean run",
                        "To lock those methods, annotate them, or the class of the bean"))
                .toList();
    }

    private static List<Method> methodsOf(Class<?> type) {
        if (Proxy.isProxyClass(type) || type.isHidden()) {
            return Arrays.stream(ClassUtils.getAllInterfacesForClass(type))
                    .flatMap(each -> Arrays.stream(each.getMethods()))
                    .filter(method -> !Modifier.isStatic(method.getModifiers()))
                    .toList();
        }
        return List.of(ReflectionUtils.getUniqueDeclaredMethods(type, method -> !method.isSynthetic()));
    }

    /** Methods that would share a lock unintentionally. */
    private static List<LockAnnotationProblem> overloads(List<LockDeclaration> unnamed) {
        List<String> names = unnamed.stream().map(LockDeclaration::defaultName).toList();
        return unnamed.stream()
                .filter(declaration -> Collections.frequency(names, declaration.defaultName()) > 1)
                .map(declaration -> declaration.problem(
                        "",
                        "its overloads would share the lock " + declaration.defaultName(),
                        "Give each overload its own name, or give all the same name if they must share the lock"))
                .toList();
    }
}
