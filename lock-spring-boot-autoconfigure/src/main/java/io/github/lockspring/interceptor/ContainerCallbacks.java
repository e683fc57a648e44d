package io.github.lockspring.interceptor;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;

/**
 * Finds methods that the container calls when it creates or destroys a bean: it calls the bean itself, past every
 * proxy.
 */
final class ContainerCallbacks {

    /** By name: the annotations need not be there. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "jakarta.annotation.PostConstruct",
            "jakarta.annotation.PreDestroy",
            "javax.annotation.PostConstruct",
            "javax.annotation.PreDestroy");

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
        return find(methods, declaration -> declaration.annotatedMethod() != null);
    }

    /** Those that are locked because their class is annotated. */
    List<LockAnnotationProblem> remarks(List<LockDeclaration> methods) {
        return find(methods, declaration -> declaration.annotatedMethod() == null);
    }

    private List<LockAnnotationProblem> find(List<LockDeclaration> methods, Predicate<LockDeclaration> filter) {
        return methods.stream()
                .filter(this::isCallback)
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
        return Stream.of(method.getDeclaredAnnotations())
                        .map(Annotation::annotationType)
                        .anyMatch(type -> ANNOTATIONS.contains(type.getName()))
                || method.getParameterCount() == 0 && isNamed(method.getName(), declaration.beanClass());
    }

    private boolean isNamed(String method, Class<?> type) {
        return switch (method) {
                    case "afterPropertiesSet" -> InitializingBean.class.isAssignableFrom(type);
                    case "destroy" -> DisposableBean.class.isAssignableFrom(type);
                    case "close" -> AutoCloseable.class.isAssignableFrom(type);
                    default -> false;
                }
                || this.definition != null && isNamed(method, this.definition);
    }

    private static boolean isNamed(String method, BeanDefinition definition) {
        String destroy = definition.getDestroyMethodName();
        return method.equals(definition.getInitMethodName())
                || method.equals(destroy)
                || AbstractBeanDefinition.INFER_METHOD.equals(destroy)
                        && (method.equals("close") || method.equals("shutdown"));
    }
}
