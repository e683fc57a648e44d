package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.ReflectionUtils;

/** Parses the annotations of test classes. */
final class ParsedLocks {

    private static final LockOperationSource SOURCE =
            new LockOperationSource(new StandardEnvironment()::resolveRequiredPlaceholders);

    private ParsedLocks() {}

    static LockOperation operation(Class<?> type, String name) {
        Method method = ReflectionUtils.findMethod(type, name, (Class<?>[]) null);
        assertThat(method).as(name).isNotNull();
        LockOperation operation = SOURCE.operation(method, type);
        assertThat(operation).as(name).isNotNull();
        return operation;
    }

    /** What is wrong with a method, nothing perhaps. */
    static List<LockAnnotationProblem> problems(Class<?> type, String name) {
        try {
            operation(type, name);
            return List.of();
        } catch (InvalidLockAnnotationException ex) {
            return ex.getProblems();
        }
    }

    static LockAnnotationProblem problem(Class<?> type, String name) {
        List<LockAnnotationProblem> problems = problems(type, name);
        assertThat(problems).as(name).hasSize(1);
        return problems.get(0);
    }
}
