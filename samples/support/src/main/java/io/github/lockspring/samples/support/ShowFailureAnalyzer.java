package io.github.lockspring.samples.support;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why the show does not begin, instead of a stack trace. */
final class ShowFailureAnalyzer extends AbstractFailureAnalyzer<ShowException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ShowException cause) {
        return new FailureAnalysis(cause.getMessage(), null, cause);
    }
}
