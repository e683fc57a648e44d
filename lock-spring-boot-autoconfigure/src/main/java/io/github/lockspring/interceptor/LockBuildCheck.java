package io.github.lockspring.interceptor;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Has annotations checked when an application is prepared ahead of time: a wrong one fails the build. Lets a native image
 * evaluate expressions and call fallbacks.
 */
final class LockBuildCheck implements BeanFactoryInitializationAotProcessor {

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beanFactory) {
        LockAnnotationValidator validator =
                beanFactory.getBeanProvider(LockAnnotationValidator.class).getIfAvailable();
        if (validator == null) {
            return null;
        }
        validator.checkBuild();
        return (generation, code) -> {
            ReflectionHints hints = generation.getRuntimeHints().reflection();
            LockKeyHints keys = new LockKeyHints(hints, beanFactory);
            for (LockOperation operation : validator.operations()) {
                keys.register(operation);
                Fallback fallback = operation.fallback();
                if (fallback != null) {
                    hints.registerMethod(fallback.method(), ExecutableMode.INVOKE);
                }
            }
        };
    }
}
