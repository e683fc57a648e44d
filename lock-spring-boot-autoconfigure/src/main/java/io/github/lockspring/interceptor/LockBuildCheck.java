package io.github.lockspring.interceptor;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Has annotations checked when an application is prepared ahead of time: a wrong one fails the build. Lets a native image
 * call fallbacks.
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
        return (generation, code) -> validator
                .fallbacks()
                .forEach(fallback ->
                        generation.getRuntimeHints().reflection().registerMethod(fallback, ExecutableMode.INVOKE));
    }
}
