package io.github.lockspring.interceptor;

import io.github.lockspring.annotation.DistributedLock;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * Finds annotated methods that are not locked, in a context without locking. Woven classes are not among them: they
 * refuse calls without a configuration.
 *
 * @since 0.1
 */
public final class UnlockedMethods {

    private static final Logger log = LoggerFactory.getLogger(UnlockedMethods.class);

    private UnlockedMethods() {}

    /**
     * Searches the beans that a context defines; does not create them.
     *
     * @param beanFactory of the context
     * @param runsNothing beans that do not run their methods, such as mocks
     * @return classes and methods, sorted
     */
    public static Set<String> in(ConfigurableListableBeanFactory beanFactory, Predicate<Object> runsNothing) {
        Set<String> unlocked = new TreeSet<>();
        for (String name : beanFactory.getBeanDefinitionNames()) {
            Class<?> type = beanFactory.getType(name, false);
            if (type != null
                    && !type.getName().startsWith("org.springframework.")
                    && AnnotationUtils.isCandidateClass(type, DistributedLock.class)
                    && !isHarmless(beanFactory.getSingleton(name), runsNothing)) {
                unlocked(ClassUtils.getUserClass(type)).forEach(unlocked::add);
            }
        }
        return unlocked;
    }

    private static boolean isHarmless(@Nullable Object bean, Predicate<Object> runsNothing) {
        return bean != null
                && (runsNothing.test(bean) || LockProxyCheck.of(bean).isLocked());
    }

    private static Stream<String> unlocked(Class<?> type) {
        try {
            return MethodIntrospector.selectMethods(type, (Method method) -> isUnlocked(method, type)).stream()
                    .map(method -> type.getName() + "." + method.getName());
        } catch (IllegalStateException | LinkageError ex) {
            log.debug("Cannot look for annotated methods in {}", type, ex);
            return Stream.empty();
        }
    }

    private static boolean isUnlocked(Method method, Class<?> type) {
        LockDeclaration declaration = LockDeclaration.find(method, type);
        return declaration != null
                && !LockWeavingCheck.isWoven(declaration.method().getDeclaringClass());
    }
}
