package io.github.lockspring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lists the beans to choose from. */
final class AmbiguousLockBeansFailureAnalyzer extends AbstractFailureAnalyzer<AmbiguousLockBeansException> {

    private static final String ACTION = "Mark one of the beans as @Primary, or give one the name "
            + DistributedLockAutoConfiguration.TEMPLATE
            + " if it is of type LockOperations, or define a LockStore bean:"
            + " annotated methods then use that store.";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, AmbiguousLockBeansException cause) {
        StringBuilder description = new StringBuilder(cause.getMessage()).append('.');
        cause.candidates().forEach(name -> description.append("\n    - ").append(name));
        return new FailureAnalysis(description.toString(), ACTION, cause);
    }
}
