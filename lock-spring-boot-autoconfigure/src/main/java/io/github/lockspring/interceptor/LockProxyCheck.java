package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.aopalliance.aop.Advice;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.TargetSource;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.target.SingletonTargetSource;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/** Finds annotated methods that can be called past the lock, given the proxy that callers get. */
final class LockProxyCheck {

    private static final String ASPECT = "org.aspectj.lang.annotation.Aspect";

    private final Object bean;

    private final @Nullable Advised locking;

    private LockProxyCheck(Object bean, @Nullable Advised locking) {
        this.bean = bean;
        this.locking = locking;
    }

    /** Several creators of proxies may have been at work: the innermost proxy that locks is the one that counts. */
    static LockProxyCheck of(Object bean) {
        LockProxyCheck check = new LockProxyCheck(bean, null);
        Object layer = bean;
        while (layer instanceof Advised advised) {
            if (locks(layer)) {
                check = new LockProxyCheck(layer, advised);
            }
            TargetSource source = advised.getTargetSource();
            layer = source instanceof SingletonTargetSource single ? single.getTarget() : null;
        }
        return check;
    }

    /** Whether one of the proxies locks. */
    boolean isLocked() {
        return this.locking != null;
    }

    /** Whether an object is a proxy that locks. */
    static boolean locks(@Nullable Object proxy) {
        if (proxy instanceof Advised advised) {
            for (Advisor advisor : advised.getAdvisors()) {
                if (advisor instanceof BeanFactoryLockOperationSourceAdvisor) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The class whose annotations count: what is behind the locking proxy, or else behind all proxies. */
    Class<?> targetClass() {
        Class<?> type = this.locking != null ? this.locking.getTargetClass() : null;
        return ClassUtils.getUserClass(type != null ? type : AopProxyUtils.ultimateTargetClass(this.bean));
    }

    List<LockAnnotationProblem> check(List<LockDeclaration> methods) {
        List<LockAnnotationProblem> problems = new ArrayList<>();
        boolean byInterface = AopUtils.isJdkDynamicProxy(this.bean);
        Set<Method> reachable = byInterface ? reachableThroughInterfaces() : Set.of();
        for (LockDeclaration declaration : methods) {
            LockAnnotationProblem problem = check(declaration, reachable);
            if (problem != null) {
                problems.add(problem);
            }
        }
        return problems;
    }

    /** Finds what no proxy of the bean's class intercepts. */
    static List<LockAnnotationProblem> checkMethods(List<LockDeclaration> methods) {
        return methods.stream()
                .map(LockProxyCheck::checkMethod)
                .filter(Objects::nonNull)
                .toList();
    }

    private static @Nullable LockAnnotationProblem checkMethod(LockDeclaration declaration) {
        int modifiers = declaration.method().getModifiers();
        return Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers)
                ? declaration.problem(
                        "",
                        "a proxy cannot intercept a " + (Modifier.isStatic(modifiers) ? "static" : "private")
                                + " method",
                        "Make it a public method of a bean and call it from another bean, or use LockOperations")
                : null;
    }

    private @Nullable LockAnnotationProblem check(LockDeclaration declaration, Set<Method> reachable) {
        LockAnnotationProblem problem = checkMethod(declaration);
        if (problem != null) {
            return problem;
        }
        if (this.locking == null) {
            boolean unknown = AopUtils.isAopProxy(this.bean) && !(this.bean instanceof Advised);
            return unknown ? null : unlocked(declaration);
        }
        if (AopUtils.isJdkDynamicProxy(this.bean)) {
            return reachable.contains(declaration.method()) ? null : unreachable(declaration);
        }
        return isOverridable(declaration) ? null : notOverridable(declaration);
    }

    private LockAnnotationProblem unlocked(LockDeclaration declaration) {
        return isPartOfAop(targetClass())
                ? declaration.problem(
                        "",
                        "the bean is an aspect, or another part of Spring AOP, and Spring does not create proxies"
                                + " for those",
                        "Move the method to another bean and call it there, or use LockOperations")
                : declaration.problem(
                        "",
                        "the bean has no proxy that locks: it was created together with the bean post-processors, or"
                                + " registered manually",
                        "Make sure that no BeanPostProcessor or BeanFactoryPostProcessor depends on this bean,"
                                + " directly or through other beans, or inject it there lazily with ObjectProvider");
    }

    private static boolean isPartOfAop(Class<?> type) {
        return Advice.class.isAssignableFrom(type)
                || Advisor.class.isAssignableFrom(type)
                || Pointcut.class.isAssignableFrom(type)
                || AopInfrastructureBean.class.isAssignableFrom(type)
                || MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY).isPresent(ASPECT);
    }

    private Set<Method> reachableThroughInterfaces() {
        return Arrays.stream(this.bean.getClass().getInterfaces())
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .map(method -> LockDeclaration.methodOf(method, targetClass()))
                .collect(Collectors.toSet());
    }

    private LockAnnotationProblem unreachable(LockDeclaration declaration) {
        return declaration.problem(
                "",
                "the bean's proxy implements interfaces only, and none of them declares this method",
                "Declare it in an interface of the bean, or use class-based proxies:"
                        + " spring.aop.proxy-target-class=true");
    }

    private static boolean isOverridable(LockDeclaration declaration) {
        int modifiers = declaration.method().getModifiers();
        boolean visible = Modifier.isPublic(modifiers)
                || Modifier.isProtected(modifiers)
                || declaration.method().getDeclaringClass().getPackage()
                        == declaration.beanClass().getPackage();
        return visible && !Modifier.isFinal(modifiers);
    }

    private static LockAnnotationProblem notOverridable(LockDeclaration declaration) {
        if (Modifier.isFinal(declaration.method().getModifiers())) {
            return declaration.problem(
                    "",
                    "the method is final, so the proxy of the class cannot intercept it",
                    "Remove final (in Kotlin, add open or use the compiler plugin for Spring), or call it through an"
                            + " interface with spring.aop.proxy-target-class=false");
        }
        return declaration.problem(
                "",
                "the method is visible in its package only, and the bean's class is in another package, so the proxy"
                        + " cannot intercept it",
                "Make it public or protected");
    }
}
