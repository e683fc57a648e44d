package io.github.lockspring.interceptor;

import io.github.lockspring.LockSettings;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.util.ClassUtils;

/**
 * Checks every bean: whether its annotations can work, and whether calls go through the lock. Beans that are created
 * later, lazy ones and those of other scopes, are checked when they are created, and at start-up as far as their class
 * shows; if the bean may be of a subclass, that is only a warning. For singletons that did not go through this check,
 * because they are older or were registered manually, problems are only warnings; mocks have none. A bean of this type
 * must be static and of {@code ROLE_INFRASTRUCTURE}.
 *
 * @since 0.1
 */
public final class LockAnnotationValidator
        implements InstantiationAwareBeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware {

    private static final Logger logger = LoggerFactory.getLogger(LockAnnotationValidator.class);

    private final LockOperationSource source;

    private final LockValidation validation;

    private final AdviceMode adviceMode;

    private final Map<Class<?>, LockedType> types = new ConcurrentHashMap<>();

    private final Set<LockAnnotationProblem> reported = ConcurrentHashMap.newKeySet();

    /** Factories that are not older than this check, and whose products are not, either. */
    private final Set<String> factories = ConcurrentHashMap.newKeySet();

    private @Nullable ConfigurableListableBeanFactory beanFactory;

    /** Times are checked from the end of the start on: settings are beans, and must not be created for the first one. */
    private volatile @Nullable LockTimesCheck times;

    /**
     * Creates the check.
     *
     * @param source what the annotations ask for; must not depend on other beans, since it is created before them
     * @param validation what happens if there is a problem
     * @param adviceMode whether calls go through a proxy, or classes are woven
     */
    public LockAnnotationValidator(LockOperationSource source, LockValidation validation, AdviceMode adviceMode) {
        this.source = source;
        this.validation = validation;
        this.adviceMode = adviceMode;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = beanFactory instanceof ConfigurableListableBeanFactory listable ? listable : null;
    }

    /** A final class is refused before a proxy of it is tried. */
    @Override
    public boolean postProcessAfterInstantiation(Object bean, String beanName) {
        if (this.validation != LockValidation.OFF
                && this.adviceMode == AdviceMode.PROXY
                && FinalClassCheck.isFinal(bean.getClass())) {
            LockedType type = typeOf(bean.getClass());
            List<LockAnnotationProblem> problems = finalClass(type, bean.getClass(), beanName);
            report(problems.isEmpty() ? problems : join(type.problems(), problems));
        }
        return true;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof FactoryBean) {
            this.factories.add(beanName);
        }
        report(check(bean, beanName));
        return bean;
    }

    @Override
    public void afterSingletonsInstantiated() {
        ConfigurableListableBeanFactory beans = this.beanFactory;
        if (beans == null || this.validation == LockValidation.OFF) {
            return;
        }
        LockTimesCheck check = new LockTimesCheck(
                () -> beans.getBeanProvider(LockSettings.class).getIfUnique());
        report(join(
                check.check(this.source.operations()),
                ReactiveTransactionCheck.check(this.source.operations(), beans)));
        this.times = check;
        for (String beanName : beans.getSingletonNames()) {
            Object bean = beans.getSingleton(beanName);
            if (bean != null) {
                warnUnlessMocked(bean, beanName);
            }
            if (bean instanceof FactoryBean && isOlder(beanName, beans)) {
                warnUnlessMocked(beans.getBean(beanName), beanName);
            }
        }
        BeanToBe.in(beans).forEach(bean -> report(bean, check(bean)));
    }

    private void warnUnlessMocked(Object bean, String beanName) {
        List<LockAnnotationProblem> problems = check(bean, beanName);
        if (!problems.isEmpty() && !MockitoMocks.isMock(bean)) {
            warn(problems);
        }
    }

    /** Whether the product of a factory may be older than this check, and has annotated methods. */
    private boolean isOlder(String factoryName, ConfigurableListableBeanFactory beanFactory) {
        Class<?> type = this.factories.contains(factoryName) || !beanFactory.isSingleton(factoryName)
                ? null
                : beanFactory.getType(factoryName, false);
        return type != null && !typeOf(ClassUtils.getUserClass(type)).methods().isEmpty();
    }

    /** Checks an application that is being built, as far as it does not depend on where it will run. */
    void checkBuild() {
        if (this.beanFactory != null && this.validation != LockValidation.OFF) {
            BeanToBe.in(this.beanFactory).forEach(this::checkBuild);
        }
    }

    /** What the annotations of an application that is being built ask for, as far as they can be understood. */
    Collection<LockOperation> operations() {
        if (this.beanFactory != null) {
            BeanToBe.in(this.beanFactory).forEach(bean -> typeOf(bean.type()));
        }
        return this.source.operations();
    }

    private void checkBuild(BeanToBe bean) {
        report(onlyAheadOfTime(bean));
        report(
                bean,
                check(bean).stream()
                        .filter(problem -> !problem.attribute().contains("${"))
                        .toList());
    }

    private List<LockAnnotationProblem> check(Object bean, String beanName) {
        boolean isProxyOfScope = bean instanceof AopInfrastructureBean && AopUtils.isAopProxy(bean);
        if (this.validation == LockValidation.OFF
                || isProxyOfScope
                || beanName.endsWith(AutowireCapableBeanFactory.ORIGINAL_INSTANCE_SUFFIX)) {
            return List.of();
        }
        LockProxyCheck proxy = LockProxyCheck.of(bean);
        LockedType type = typeOf(proxy.targetClass());
        if (type.methods().isEmpty()) {
            return generated(bean);
        }
        warn(type.remarks());
        SurroundingAdvice advice = SurroundingAdvice.of(bean);
        warn(advice.begunEarlier(type.methods()));
        warn(advice.retriedInside(type.methods()));
        List<LockAnnotationProblem> bypassed;
        if (this.adviceMode == AdviceMode.PROXY) {
            ContainerCallbacks callbacks = ContainerCallbacks.of(beanName, proxy.targetClass(), this.beanFactory);
            warn(callbacks.remarks(type.methods()));
            bypassed = join(proxy.check(type.methods()), callbacks.problems(type.methods()));
            bypassed.addAll(handedOverByWeaving(type));
        } else {
            bypassed = Proxy.isProxyClass(proxy.targetClass())
                    ? generated(bean)
                    : join(LockWeavingCheck.check(type.methods()), generated(bean));
            bypassed = join(bypassed, SurroundingAdvice.separated(type.operations()));
            warn(handedOverByWeaving(type));
        }
        return join(problems(type), join(bypassed, advice.handedOver(type.methods())));
    }

    private List<LockAnnotationProblem> check(BeanToBe bean) {
        LockedType type = typeOf(bean.type());
        if (this.adviceMode != AdviceMode.PROXY) {
            return problems(type);
        }
        ContainerCallbacks callbacks = ContainerCallbacks.of(bean.name(), bean.type(), this.beanFactory);
        warn(callbacks.remarks(type.methods()));
        List<LockAnnotationProblem> bypassed =
                join(LockProxyCheck.checkMethods(type.methods()), callbacks.problems(type.methods()));
        return join(problems(type), join(bypassed, finalClass(type, bean.type(), bean.name())));
    }

    private List<LockAnnotationProblem> problems(LockedType type) {
        LockTimesCheck check = this.times;
        return join(type.problems(), check != null ? check.check(type.operations()) : List.of());
    }

    private List<LockAnnotationProblem> onlyAheadOfTime(BeanToBe bean) {
        return this.adviceMode != AdviceMode.PROXY
                ? List.of()
                : ContainerCallbacks.of(bean.name(), bean.type(), this.beanFactory)
                        .problemsAheadOfTime(typeOf(bean.type()).methods());
    }

    private List<LockAnnotationProblem> generated(Object bean) {
        Class<?> proxyClass = bean.getClass();
        return this.adviceMode != AdviceMode.PROXY && Proxy.isProxyClass(proxyClass)
                ? LockWeavingCheck.checkGenerated(
                        proxyClass, AopProxyUtils.ultimateTargetClass(bean), typeOf(proxyClass))
                : List.of();
    }

    private List<LockAnnotationProblem> handedOverByWeaving(LockedType type) {
        return this.beanFactory != null
                ? SurroundingAdvice.handedOverByWeaving(this.beanFactory, type.methods())
                : List.of();
    }

    private List<LockAnnotationProblem> finalClass(LockedType type, Class<?> beanClass, String beanName) {
        return this.beanFactory != null
                ? new FinalClassCheck(this.beanFactory).check(beanClass, beanName, type.methods())
                : List.of();
    }

    private static List<LockAnnotationProblem> join(
            Collection<LockAnnotationProblem> some, List<LockAnnotationProblem> others) {
        List<LockAnnotationProblem> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    private LockedType typeOf(Class<?> type) {
        return this.types.computeIfAbsent(type, this::introspect);
    }

    /** A class that cannot be inspected could not be proxied either; without a proxy, that may not matter. */
    private LockedType introspect(Class<?> type) {
        try {
            return LockedType.of(type, this.source);
        } catch (IllegalStateException | LinkageError ex) {
            logger.debug("Cannot look for annotated methods in {}", type, ex);
            return LockedType.UNKNOWN;
        }
    }

    private void report(BeanToBe bean, List<LockAnnotationProblem> problems) {
        if (bean.exact()) {
            report(problems);
        } else {
            warn(problems);
        }
    }

    private void report(List<LockAnnotationProblem> problems) {
        if (!problems.isEmpty() && this.validation == LockValidation.FAIL) {
            throw new InvalidLockAnnotationException(problems);
        }
        warn(problems);
    }

    private void warn(List<LockAnnotationProblem> problems) {
        for (LockAnnotationProblem problem : problems) {
            if (this.reported.add(problem)) {
                logger.warn("{}", problem);
            }
        }
    }
}
