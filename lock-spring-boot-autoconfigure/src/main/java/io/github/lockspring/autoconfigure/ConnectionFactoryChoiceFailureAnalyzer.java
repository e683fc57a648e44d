package io.github.lockspring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lists the connection factories to choose from. */
final class ConnectionFactoryChoiceFailureAnalyzer extends AbstractFailureAnalyzer<ConnectionFactoryChoiceException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ConnectionFactoryChoiceException cause) {
        StringBuilder description = new StringBuilder(cause.getMessage()).append(".\nThese exist:\n");
        cause.candidates().forEach(name -> description.append("\n    - ").append(name));
        String action = "Set " + cause.property() + " to one of these names"
                + (cause.wanted() != null
                        ? ", or remove it to use the primary or only one."
                        : ", or mark one of the beans as @Primary. Every process that shares the locks must use the"
                                + " same Redis.");
        return new FailureAnalysis(description.toString(), action, cause);
    }
}
