package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.Aware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
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
    private static final Set<String> CREATION =
            Set.of("jakarta.annotation.PostConstruct", "javax.annotation.PostConstruct");

    private static final Set<String> DESTRUCTION =
            Set.of("jakarta.annotation.PreDestroy", "javax.annotation.PreDestroy");

    private static final Set<String> INJECTIONS = Set.of(
            "org.springframework.beans.factory.annotation.Autowired",
            "jakarta.inject.Inject",
            "jakarta.annotation.Resource");

    private final @Nullable BeanDefinition definition;

    private final boolean isProduct;

    private ContainerCallbacks(@Nullable BeanDefinition definition, boolean isProduct) {
        this.definition = definition;
        this.isProduct = isProduct;
    }

    static ContainerCallbacks of(
            String beanName, Class<?> type, @Nullable ConfigurableListableBeanFactory beanFactory) {
        if (beanFactory == null || !beanFactory.containsLocalBean(beanName)) {
            return new ContainerCallbacks(null, false);
        }
        return new ContainerCallbacks(
                beanFactory.containsBeanDefinition(beanName) ? beanFactory.getMergedBeanDefinition(beanName) : null,
                beanFactory.isFactoryBean(beanName) && !FactoryBean.class.isAssignableFrom(type));
    }

    /** Those with an annotation of their own, which was meant for these calls. */
    List<LockAnnotationProblem> problems(List<LockDeclaration> methods) {
        return find(
                methods,
                declaration ->
                        declaration.annotatedMethod() != null && (isCallback(declaration) || isInjection(declaration)));
    }

    /** Those that the container will call because the code that is generated ahead of time says less than the definition. */
    List<LockAnnotationProblem> problemsAheadOfTime(List<LockDeclaration> methods) {
        if (this.isProduct
                || this.definition == null
                || !"".equals(this.definition.getDestroyMethodName())
                || !isEnded()) {
            return List.of();
        }
        return methods.stream()
                .filter(declaration -> declaration.annotatedMethod() != null
                        && declaration.method().getParameterCount() == 0
                        && declaration.method().getName().equals(inferred(declaration.beanClass())))
                .map(declaration -> declaration.problem(
                        "",
                        "the container will call it, which is not locked: of destroyMethod = \"\" nothing is left in"
                                + " an application that is processed ahead of time",
                        "Move the work to a method with another name, or to another bean"))
                .toList();
    }

    /** Those that are locked because their class is annotated; injection was certainly not meant. */
    List<LockAnnotationProblem> remarks(List<LockDeclaration> methods) {
        List<LockAnnotationProblem> remarks = new ArrayList<>(
                find(methods, declaration -> declaration.annotatedMethod() == null && isCallback(declaration)));
        methods.stream()
                .filter(declaration -> !this.isProduct && isEnded() && isStoppedByItself(declaration))
                .map(declaration -> declaration.problem(
                        "",
                        "the container calls stop(Runnable) of the bean, and where that calls this method, the call"
                                + " does not go through the proxy and is not locked",
                        "Use LockOperations in stop(Runnable), or ignore this if it does not call stop()"))
                .forEach(remarks::add);
        return remarks;
    }

    /** The container does nothing for a product but to pass it to post-processors. */
    private List<LockAnnotationProblem> find(List<LockDeclaration> methods, Predicate<LockDeclaration> filter) {
        return methods.stream()
                .filter(declaration -> !this.isProduct && filter.test(declaration))
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
        return isAnnotated(method, CREATION)
                || isAnnotated(method, DESTRUCTION) && isEnded()
                || method.getParameterCount() == 0 && isNamed(method.getName(), declaration.beanClass());
    }

    /** Also where a method of a super class is annotated that this one overrides. */
    private static boolean isAnnotated(Method method, Set<String> names) {
        return isAnnotated(MergedAnnotations.from(method, SearchStrategy.SUPERCLASS), names);
    }

    private static boolean isAnnotated(MergedAnnotations annotations, Set<String> names) {
        return names.stream().anyMatch(annotations::isPresent);
    }

    /** A method that overrides one that is injected has to be annotated itself. */
    private static boolean isInjection(LockDeclaration declaration) {
        Method method = declaration.method();
        return isAnnotated(MergedAnnotations.from(method), INJECTIONS)
                || method.getParameterCount() == 1
                        && ClassUtils.getAllInterfacesForClassAsSet(declaration.beanClass()).stream()
                                .filter(Aware.class::isAssignableFrom)
                                .anyMatch(each ->
                                        ReflectionUtils.findMethod(each, method.getName(), method.getParameterTypes())
                                                != null);
    }

    private boolean isNamed(String method, Class<?> type) {
        boolean begins = method.equals("afterPropertiesSet") && InitializingBean.class.isAssignableFrom(type)
                || this.definition != null && method.equals(this.definition.getInitMethodName());
        boolean ends = method.equals("destroy") && DisposableBean.class.isAssignableFrom(type)
                || method.equals("stop") && isStoppedDirectly(type)
                || method.equals(destroyMethod(type));
        return begins || ends && isEnded();
    }

    /** The container calls {@code stop(Runnable)}, whose default calls {@code stop()} on the bean itself. */
    private static boolean isStoppedDirectly(Class<?> type) {
        Method stop = SmartLifecycle.class.isAssignableFrom(type)
                ? ReflectionUtils.findMethod(type, "stop", Runnable.class)
                : null;
        return stop != null && stop.getDeclaringClass().isInterface();
    }

    private static boolean isStoppedByItself(LockDeclaration declaration) {
        return declaration.method().getName().equals("stop")
                && declaration.method().getParameterCount() == 0
                && SmartLifecycle.class.isAssignableFrom(declaration.beanClass())
                && !isStoppedDirectly(declaration.beanClass());
    }

    /** Prototypes are neither stopped nor destroyed. */
    private boolean isEnded() {
        return this.definition == null || !this.definition.isPrototype();
    }

    /** As the container chooses it; an empty name says that nothing is called. */
    private @Nullable String destroyMethod(Class<?> type) {
        String named = this.definition != null ? this.definition.getDestroyMethodName() : null;
        if (named != null && !named.equals(AbstractBeanDefinition.INFER_METHOD)) {
            return named;
        }
        String inferred = inferred(type);
        if (inferred != null || named == null || DisposableBean.class.isAssignableFrom(type)) {
            return inferred;
        }
        return ClassUtils.hasMethod(type, "close") ? "close" : "shutdown";
    }

    /** What it chooses if the definition says nothing. */
    private static @Nullable String inferred(Class<?> type) {
        if (DisposableBean.class.isAssignableFrom(type)) {
            return null;
        }
        if (ExecutorService.class.isAssignableFrom(type)) {
            return "shutdown";
        }
        return AutoCloseable.class.isAssignableFrom(type) ? "close" : null;
    }
}
