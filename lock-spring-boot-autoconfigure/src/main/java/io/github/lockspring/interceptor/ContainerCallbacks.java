package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.Aware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds methods that the container calls when it creates, stops or destroys a bean: it calls the bean itself, past every
 * proxy.
 */
final class ContainerCallbacks {

    /** By name: the annotations need not be there. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "jakarta.annotation.PostConstruct",
            "jakarta.annotation.PreDestroy",
            "javax.annotation.PostConstruct",
            "javax.annotation.PreDestroy");

    private static final Set<String> INJECTIONS = Set.of(
            "org.springframework.beans.factory.annotation.Autowired",
            "jakarta.inject.Inject",
            "jakarta.annotation.Resource");

    private final @Nullable BeanDefinition definition;

    private ContainerCallbacks(@Nullable BeanDefinition definition) {
        this.definition = definition;
    }

    static ContainerCallbacks of(String beanName, @Nullable ConfigurableListableBeanFactory beanFactory) {
        return new ContainerCallbacks(
                beanFactory != null && beanFactory.containsBeanDefinition(beanName)
                        ? beanFactory.getMergedBeanDefinition(beanName)
                        : null);
    }

    /** Those with an annotation of their own, which was meant for these calls. */
    List<LockAnnotationProblem> problems(List<LockDeclaration> methods) {
        return find(
                methods,
                declaration ->
                        declaration.annotatedMethod() != null && (isCallback(declaration) || isInjection(declaration)));
    }

    /** Those that are locked because their class is annotated; injection was certainly not meant. */
    List<LockAnnotationProblem> remarks(List<LockDeclaration> methods) {
        return find(methods, declaration -> declaration.annotatedMethod() == null && isCallback(declaration));
    }

    private List<LockAnnotationProblem> find(List<LockDeclaration> methods, Predicate<LockDeclaration> filter) {
        return methods.stream()
                .filter(filter)
                .map(declaration -> declaration.problem(
                        "",
                        "the container calls it on the bean itself, not through the proxy, so this call is"
                                + " not locked",
                        "Move the work to a method of another bean and call that, or use LockOperations;"
                                + " work that can wait until the application is ready can go into an"
                                + " ApplicationRunner or an @EventListener"))
                .toList();
    }

    private boolean isCallback(LockDeclaration declaration) {
        Method method = declaration.method();
        return isAnnotated(method, ANNOTATIONS)
                || method.getParameterCount() == 0 && isNamed(method.getName(), declaration.beanClass());
    }

    private static boolean isInjection(LockDeclaration declaration) {
        Method method = declaration.method();
        return isAnnotated(method, INJECTIONS)
                || method.getParameterCount() == 1
                        && ClassUtils.getAllInterfacesForClassAsSet(declaration.beanClass()).stream()
                                .filter(Aware.class::isAssignableFrom)
                                .anyMatch(each ->
                                        ReflectionUtils.findMethod(each, method.getName(), method.getParameterTypes())
                                                != null);
    }

    /** Also where a method of a super class is annotated that this one overrides. */
    private static boolean isAnnotated(Method method, Set<String> names) {
        MergedAnnotations annotations = MergedAnnotations.from(method, SearchStrategy.SUPERCLASS);
        return names.stream().anyMatch(annotations::isPresent);
    }

    private boolean isNamed(String method, Class<?> type) {
        return switch (method) {
                    case "afterPropertiesSet" -> InitializingBean.class.isAssignableFrom(type);
                    case "destroy" -> DisposableBean.class.isAssignableFrom(type);
                    case "close" -> AutoCloseable.class.isAssignableFrom(type) && isClosed();
                    case "stop" -> SmartLifecycle.class.isAssignableFrom(type); // By the inherited stop(Runnable).
                    default -> false;
                }
                || this.definition != null && isNamed(method, this.definition);
    }

    /** Prototypes are not destroyed, and an empty name says that nothing is called. */
    private boolean isClosed() {
        return this.definition == null
                || !this.definition.isPrototype() && !"".equals(this.definition.getDestroyMethodName());
    }

    private static boolean isNamed(String method, BeanDefinition definition) {
        String destroy = definition.isPrototype() ? null : definition.getDestroyMethodName();
        return method.equals(definition.getInitMethodName())
                || method.equals(destroy)
                || AbstractBeanDefinition.INFER_METHOD.equals(destroy)
                        && (method.equals("close") || method.equals("shutdown"));
    }
}
