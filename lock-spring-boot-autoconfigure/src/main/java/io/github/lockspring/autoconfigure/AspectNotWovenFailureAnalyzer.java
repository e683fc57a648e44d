package io.github.lockspring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains how to weave the aspect. */
final class AspectNotWovenFailureAnalyzer extends AbstractFailureAnalyzer<AspectNotWovenException> {

    private static final String ACTION = """
            Do one of these:

                - start the JVM with -javaagent:aspectjweaver.jar, and name the aspect in META-INF/aop.xml:
                  io.github.lockspring.aspectj.DistributedLockAspect
                - let the AspectJ compiler weave the application and this library
                - use proxies: remove distributed-lock.advice-mode""";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, AspectNotWovenException cause) {
        return new FailureAnalysis(cause.getMessage() + ".", ACTION, cause);
    }
}
