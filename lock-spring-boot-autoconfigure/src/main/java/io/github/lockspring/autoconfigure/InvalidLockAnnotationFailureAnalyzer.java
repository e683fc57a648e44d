package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import io.github.lockspring.interceptor.LockAnnotationProblem;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what is wrong with annotations, and how to fix it. */
final class InvalidLockAnnotationFailureAnalyzer extends AbstractFailureAnalyzer<InvalidLockAnnotationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidLockAnnotationException cause) {
        String description = cause.getProblems().stream()
                .map(InvalidLockAnnotationFailureAnalyzer::describe)
                .collect(Collectors.joining(
                        "\n\n", "Methods annotated with @DistributedLock cannot be locked:\n\n", ""));
        String action = cause.getProblems().stream()
                .map(problem -> "    " + problem.method() + ":\n        " + problem.action())
                .collect(Collectors.joining(
                        "\n",
                        "Change the annotations:\n\n",
                        "\n\nTo start anyway, set distributed-lock.validation=warn: calls of methods whose annotation is wrong then"
                                + " fail."));
        return new FailureAnalysis(description, action, cause);
    }

    private static String describe(LockAnnotationProblem problem) {
        String attribute = problem.attribute().isEmpty() ? "" : "\n    Attribute: " + problem.attribute();
        return "    Method: " + problem.method() + attribute + "\n    Reason: " + problem.description();
    }
}
