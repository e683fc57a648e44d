package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import java.util.List;

/** Finds annotations that weaving does not see. */
final class LockWeavingCheck {

    private LockWeavingCheck() {}

    static List<LockAnnotationProblem> check(List<LockDeclaration> methods) {
        return methods.stream()
                .filter(declaration -> !isSeen(declaration))
                .map(declaration -> declaration.problem(
                        "",
                        "weaving does not see an annotation on the method of a super type, nor one behind several"
                                + " other annotations",
                        "Put it on " + declaration + " itself, or use proxies: distributed-lock.advice-mode=proxy"))
                .toList();
    }

    private static boolean isSeen(LockDeclaration declaration) {
        Method annotated = declaration.annotatedMethod();
        return declaration.annotation().getDistance() <= 1
                && (annotated == null || annotated.equals(declaration.method()));
    }
}
