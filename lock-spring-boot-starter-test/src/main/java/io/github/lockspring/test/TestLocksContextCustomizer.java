package io.github.lockspring.test;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.TestPropertySourceUtils;

/** Replaces the store of a context by one that the test controls. All are equal: contexts can be shared by tests. */
record TestLocksContextCustomizer() implements ContextCustomizer {

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration merged) {
        TestPropertySourceUtils.addInlinedPropertiesToEnvironment(context, "distributed-lock.store=memory");
        if (AotDetector.useGeneratedArtifacts()) {
            return; // generated code registers it
        }
        if (context.getBeanFactory() instanceof BeanDefinitionRegistry registry) {
            registry.registerBeanDefinition(
                    TestLocksConfiguration.class.getName(), new RootBeanDefinition(TestLocksConfiguration.class));
        }
    }

    /** For the tests that have the annotation. */
    static final class Factory implements ContextCustomizerFactory {

        Factory() {}

        @Override
        public @Nullable ContextCustomizer createContextCustomizer(
                Class<?> testClass, List<ContextConfigurationAttributes> configuration) {
            return TestContextAnnotationUtils.hasAnnotation(testClass, AutoConfigureTestLocks.class)
                    ? new TestLocksContextCustomizer()
                    : null;
        }
    }
}
