package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.TargetSource;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.target.SingletonTargetSource;
import org.springframework.util.ClassUtils;

/** Finds annotated methods that can be called past the lock, given the proxy that callers get. */
final class LockProxyCheck {

    private final Object bean;

    private final @Nullable Advised locking;

    private LockProxyCheck(Object bean, @Nullable Advised locking) {
        this.bean = bean;
        this.locking = locking;
    }

    static LockProxyCheck of(Object bean) {
        Object layer = bean;
        while (layer instanceof Advised advised) {
            if (locks(advised)) {
                return new LockProxyCheck(layer, advised);
            }
            TargetSource source = advised.getTargetSource();
            layer = source instanceof SingletonTargetSource single ? single.getTarget() : null;
        }
        return new LockProxyCheck(bean, null);
    }

    private static boolean locks(Advised advised) {
        return Arrays.stream(advised.getAdvisors()).anyMatch(BeanFactoryLockOperationSourceAdvisor.class::isInstance);
    }

    /** The class whose annotations count: what is behind the locking proxy, or else behind all proxies. */
    Class<?> targetClass() {
        Class<?> type = this.locking != null ? this.locking.getTargetClass() : null;
        return ClassUtils.getUserClass(type != null ? type : AopProxyUtils.ultimateTargetClass(this.bean));
    }

    List<LockAnnotationProblem> check(List<LockDeclaration> methods) {
        List<LockAnnotationProblem> problems = new ArrayList<>();
        Set<Method> reachable = reachableThroughInterfaces();
        for (LockDeclaration declaration : methods) {
            LockAnnotationProblem problem = check(declaration, reachable);
            if (problem != null) {
                problems.add(problem);
            }
        }
        return problems;
    }

    private @Nullable LockAnnotationProblem check(LockDeclaration declaration, Set<Method> reachable) {
        int modifiers = declaration.method().getModifiers();
        if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers)) {
            return declaration.problem(
                    "",
                    "no proxy intercepts a " + (Modifier.isStatic(modifiers) ? "static" : "private") + " method",
                    "Make it a public method of a bean and call it from another bean, or use LockOperations");
        }
        if (this.locking == null) {
            return AopUtils.isAopProxy(this.bean) && !(this.bean instanceof Advised)
                    ? null
                    : declaration.problem(
                            "",
                            "the bean has no proxy that locks: it was created while bean post processors were, or"
                                    + " registered by hand, as mocks are",
                            "Have nothing that a BeanPostProcessor needs depend on this bean, or inject it there"
                                    + " lazily with ObjectProvider");
        }
        if (AopUtils.isJdkDynamicProxy(this.bean)) {
            return reachable.contains(declaration.method()) ? null : unreachable(declaration);
        }
        return isOverridable(declaration) ? null : notOverridable(declaration);
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
                "Declare it in an interface of the bean, or have classes proxied: spring.aop.proxy-target-class=true");
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
                    "the method is final, so that the proxy of the class cannot intercept it",
                    "Remove final (in Kotlin: open, or the compiler plugin for Spring), or call it through an"
                            + " interface with spring.aop.proxy-target-class=false");
        }
        return declaration.problem(
                "",
                "the method is visible in its package only, and the bean's class is in another one, so that the proxy"
                        + " cannot intercept it",
                "Make it public or protected");
    }
}
