package io.github.lockspring.interceptor;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.NotLocked;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.DecoratingProxy;
import org.springframework.core.annotation.AnnotationConfigurationException;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** A method of a bean and the annotation that applies to it. Thread-safe. */
final class LockDeclaration {

    private final Method called;

    private final Method method;

    private final Class<?> beanClass;

    private final MergedAnnotations annotations;

    /** Each search goes through the hierarchy: it is done once. Two threads may both do it. */
    private volatile @Nullable MergedAnnotation<DistributedLock> annotation;

    private LockDeclaration(Method called, Method method, Class<?> beanClass, MergedAnnotations annotations) {
        this.called = called;
        this.method = method;
        this.beanClass = beanClass;
        this.annotations = annotations;
    }

    /** Finds the annotation: method, then class of that method, then interfaces that the class does not know. */
    static @Nullable LockDeclaration find(Method called, Class<?> targetClass) {
        if (called.getDeclaringClass() == Object.class
                || !AnnotationUtils.isCandidateClass(targetClass, DistributedLock.class)) {
            return null;
        }
        Class<?> beanClass = ClassUtils.getUserClass(targetClass);
        Method method = methodOf(called, beanClass);
        MergedAnnotations ofMethod = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
        boolean excluded = isExcluded(ofMethod);
        if (excluded && !isLockedBelow(ofMethod, method)) {
            return null;
        }
        MergedAnnotations found = !excluded && ofMethod.isPresent(DistributedLock.class)
                ? ofMethod
                : annotationsOfType(method, beanClass);
        if (found == null) {
            found = LockedInterfaces.find(method, beanClass);
        }
        return found != null ? new LockDeclaration(called, method, beanClass, found) : null;
    }

    /** Whether the annotations of a method say that it is not locked: the nearest of both counts. */
    static boolean isExcluded(MergedAnnotations ofMethod) {
        MergedAnnotation<NotLocked> notLocked = ofMethod.get(NotLocked.class);
        if (!notLocked.isPresent()) {
            return false;
        }
        return ofMethod.stream(DistributedLock.class)
                .noneMatch(locked -> locked.getAggregateIndex() <= notLocked.getAggregateIndex());
    }

    /** Whether a class that overrides an excluded method, itself or through a super class, is annotated. */
    private static boolean isLockedBelow(MergedAnnotations ofMethod, Method overriding) {
        if (!(ofMethod.get(NotLocked.class).getSource() instanceof Method excluded)) {
            return false;
        }
        Class<?> end = excluded.getDeclaringClass();
        for (Class<?> type = overriding.getDeclaringClass(); type != null && type != end; type = type.getSuperclass()) {
            if (end.isAssignableFrom(type) && MergedAnnotations.from(type).isPresent(DistributedLock.class)) {
                return true;
            }
        }
        return false;
    }

    /** The method of the bean's class; the methods of a JDK proxy add nothing to those of its interfaces. */
    static Method methodOf(Method called, Class<?> beanClass) {
        return Proxy.isProxyClass(beanClass) ? called : AopUtils.getMostSpecificMethod(called, beanClass);
    }

    private static @Nullable MergedAnnotations annotationsOfType(Method method, Class<?> beanClass) {
        if (!isMeantByType(method)) {
            return null;
        }
        // A method that no class declares, a default method or one of a generated bean, counts as declared by the class
        // of the bean.
        Class<?> type = method.getDeclaringClass().isInterface() ? beanClass : method.getDeclaringClass();
        MergedAnnotations ofType = MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY);
        return ofType.isPresent(DistributedLock.class) ? ofType : null;
    }

    private static boolean isMeantByType(Method method) {
        return !Modifier.isPrivate(method.getModifiers())
                && !Modifier.isStatic(method.getModifiers())
                && ClassUtils.isUserLevelMethod(method)
                && !ReflectionUtils.isObjectMethod(method)
                && !isOfProxy(method.getDeclaringClass());
    }

    /** Whether an interface is one that Spring adds to the proxies it generates, such as those of repositories. */
    private static boolean isOfProxy(Class<?> type) {
        return type.isAssignableFrom(Advised.class) || type == DecoratingProxy.class;
    }

    /** The method as the caller sees it, possibly one of an interface. */
    Method called() {
        return this.called;
    }

    /** The method of the bean's class, or what comes closest. */
    Method method() {
        return this.method;
    }

    /** The class of the bean, not of its proxy. */
    Class<?> beanClass() {
        return this.beanClass;
    }

    /**
     * The nearest annotation, its meta-annotations merged.
     *
     * @throws org.springframework.core.annotation.AnnotationConfigurationException if attributes contradict each other
     */
    MergedAnnotation<DistributedLock> annotation() {
        MergedAnnotation<DistributedLock> found = this.annotation;
        if (found == null) {
            found = this.annotations.get(DistributedLock.class);
            this.annotation = found;
        }
        return found;
    }

    /** How many annotations there are where the nearest one is. */
    long count() {
        int place = annotation().getAggregateIndex();
        return this.annotations.stream(DistributedLock.class)
                .filter(other -> other.getAggregateIndex() == place)
                .count();
    }

    /** Whether the opposite annotation is at the same place. */
    boolean contradictsItself() {
        int place = annotation().getAggregateIndex();
        return this.annotations.stream(NotLocked.class).anyMatch(other -> other.getAggregateIndex() == place);
    }

    /** The type that carries the annotation, or whose method does. */
    Class<?> annotatedType() {
        Object source = annotation().getSource();
        return source instanceof Method carrier
                ? carrier.getDeclaringClass()
                : source instanceof Class<?> type ? type : this.method.getDeclaringClass();
    }

    /** The class of the result, as far as the bean's class determines it; of a suspending function the one it declares. */
    Class<?> returnType() {
        return KotlinFunctions.returnType(this.method, this.beanClass);
    }

    /** The method that carries the annotation, {@code null} if a type does. */
    @Nullable Method annotatedMethod() {
        try {
            return annotation().getSource() instanceof Method source ? source : null;
        } catch (AnnotationConfigurationException ex) {
            return null; // Reported when it was parsed.
        }
    }

    /** Whether the bean's class has a name that other processes, or the next start, know as well. */
    boolean hasStableClassName() {
        return !Proxy.isProxyClass(this.beanClass) && !this.beanClass.isHidden();
    }

    String defaultName() {
        return this.beanClass.getName() + "." + KotlinFunctions.name(this.method);
    }

    LockAnnotationProblem problem(String attribute, String description, String action) {
        return new LockAnnotationProblem(toString(), attribute, description, action);
    }

    @Override
    public String toString() {
        return defaultName()
                + Arrays.stream(KotlinFunctions.parameterTypes(this.method))
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
