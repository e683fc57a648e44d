package io.github.lockspring.interceptor;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Has annotations checked when an application is prepared ahead of time: a wrong one fails the build. */
final class LockBuildCheck implements BeanFactoryInitializationAotProcessor {

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beanFactory) {
        beanFactory.getBeanProvider(LockAnnotationValidator.class).ifAvailable(LockAnnotationValidator::checkBuild);
        return null;
    }
}
