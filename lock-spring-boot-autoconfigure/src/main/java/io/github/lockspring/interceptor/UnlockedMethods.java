package io.github.lockspring.interceptor;

import io.github.lockspring.annotation.DistributedLock;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.FactoryBean;
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
     * @return classes and methods, sorted
     */
    public static Set<String> in(ConfigurableListableBeanFactory beanFactory) {
        Set<String> unlocked = new TreeSet<>();
        for (String name : beanFactory.getBeanDefinitionNames()) {
            Object bean = beanFactory.getSingleton(name);
            Class<?> type = bean != null && !(bean instanceof FactoryBean)
                    ? LockProxyCheck.of(bean).targetClass()
                    : beanFactory.getType(name, false);
            if (type != null
                    && !type.getName().startsWith("org.springframework.")
                    && AnnotationUtils.isCandidateClass(type, DistributedLock.class)) {
                List<String> methods = unlocked(ClassUtils.getUserClass(type));
                if (!methods.isEmpty() && !isHarmless(bean)) {
                    unlocked.addAll(methods);
                }
            }
        }
        return unlocked;
    }

    /** Mocks do not run their methods. */
    private static boolean isHarmless(@Nullable Object bean) {
        return bean != null && (LockProxyCheck.of(bean).isLocked() || MockitoMocks.isMock(bean));
    }

    private static List<String> unlocked(Class<?> type) {
        try {
            return MethodIntrospector.selectMethods(type, (Method method) -> isUnlocked(method, type)).stream()
                    .map(method -> type.getName() + "." + method.getName())
                    .toList();
        } catch (IllegalStateException | LinkageError ex) {
            log.debug("Cannot look for annotated methods in {}", type, ex);
            return List.of();
        }
    }

    private static boolean isUnlocked(Method method, Class<?> type) {
        LockDeclaration declaration = LockDeclaration.find(method, type);
        return declaration != null && !LockWeavingCheck.isWoven(declaration.method());
    }
}
