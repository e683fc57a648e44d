package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.annotation.DistributedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.OverridingClassLoader;

/** Mockito may fail at the first question, as it does where the JVM lets no agent in. */
class MockitoMocksTests {

    private static final String MOCKITO = "org.mockito.Mockito";

    private final BrokenMockito classLoader = new BrokenMockito();

    @Test
    void areAskedAboutOnlyWhereMethodsAreAnnotated() throws Exception {
        assertThat(unlocked(Free.class)).isEmpty();
        assertThat(this.classLoader.asked).doesNotContain(MOCKITO);
    }

    @Test
    void areNoneIfMockitoCannotSay() throws Exception {
        assertThat(unlocked(Annotated.class)).containsExactly(Annotated.class.getName() + ".run");
        assertThat(this.classLoader.asked).contains(MOCKITO);
    }

    @SuppressWarnings("unchecked")
    private Set<String> unlocked(Class<?> type) throws Exception {
        DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
        beanFactory.registerBeanDefinition("bean", new RootBeanDefinition(type));
        beanFactory.preInstantiateSingletons();

        return (Set<String>) this.classLoader
                .loadClass(UnlockedMethods.class.getName())
                .getMethod("in", ConfigurableListableBeanFactory.class)
                .invoke(null, beanFactory);
    }

    /** Has a Mockito without its internals, and main classes of this package that see it. */
    private static final class BrokenMockito extends OverridingClassLoader {

        private final List<String> asked = new ArrayList<>();

        BrokenMockito() {
            super(MockitoMocksTests.class.getClassLoader());
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            this.asked.add(name);
            return super.loadClass(name);
        }

        @Override
        protected boolean isEligibleForOverriding(String className) {
            return className.startsWith(MockitoMocks.class.getPackageName() + ".")
                    || className.startsWith("org.mockito.");
        }

        @Override
        protected Class<?> loadClassForOverriding(String name) throws ClassNotFoundException {
            if (name.startsWith("org.mockito.internal.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClassForOverriding(name);
        }
    }

    static class Free {

        void run() {}
    }

    static class Annotated {

        @DistributedLock("work")
        void run() {}
    }
}
