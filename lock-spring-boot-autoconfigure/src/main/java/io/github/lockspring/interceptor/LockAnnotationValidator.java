package io.github.lockspring.interceptor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.SmartInstantiationAwareBeanPostProcessor;
import org.springframework.context.annotation.AdviceMode;

/**
 * Checks every bean that is created, lazy ones included: whether its annotations can work, and whether calls pass the
 * lock. Singletons that nobody asked this check about, because they are older or registered by hand as mocks are, are
 * warned about only. A bean of this type must be static and of {@code ROLE_INFRASTRUCTURE}.
 *
 * @since 0.1
 */
public final class LockAnnotationValidator
        implements SmartInstantiationAwareBeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware {

    private static final Logger logger = LoggerFactory.getLogger(LockAnnotationValidator.class);

    private final LockOperationSource source;

    private final LockValidation validation;

    private final AdviceMode adviceMode;

    private final Map<Class<?>, LockedType> types = new ConcurrentHashMap<>();

    private final Set<String> checkedEarly = ConcurrentHashMap.newKeySet();

    private final Set<LockAnnotationProblem> reported = ConcurrentHashMap.newKeySet();

    private @Nullable ConfigurableListableBeanFactory beanFactory;

    /**
     * Creates the check.
     *
     * @param source what the annotations ask for; must not depend on other beans, since it is created before them
     * @param validation what becomes of a problem
     * @param adviceMode whether calls are to pass a proxy, or classes are woven
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

    /** In a circular reference this is the proxy; what comes later is the bare bean. */
    @Override
    public Object getEarlyBeanReference(Object bean, String beanName) {
        report(check(bean, beanName));
        this.checkedEarly.add(beanName);
        return bean;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (!this.checkedEarly.remove(beanName)) {
            report(check(bean, beanName));
        }
        return bean;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (this.beanFactory == null || this.validation == LockValidation.OFF) {
            return;
        }
        for (String beanName : this.beanFactory.getSingletonNames()) {
            Object bean = this.beanFactory.getSingleton(beanName);
            if (bean != null) {
                warn(check(bean, beanName));
            }
        }
    }

    private List<LockAnnotationProblem> check(Object bean, String beanName) {
        if (this.validation == LockValidation.OFF
                || bean instanceof AopInfrastructureBean
                || beanName.endsWith(AutowireCapableBeanFactory.ORIGINAL_INSTANCE_SUFFIX)) {
            return List.of();
        }
        LockProxyCheck proxy = LockProxyCheck.of(bean);
        LockedType type = this.types.computeIfAbsent(proxy.targetClass(), this::introspect);
        List<LockAnnotationProblem> problems = new ArrayList<>(type.problems());
        problems.addAll(
                this.adviceMode == AdviceMode.PROXY
                        ? proxy.check(type.methods())
                        : LockWeavingCheck.check(type.methods()));
        SurroundingAdvice advice = SurroundingAdvice.of(bean);
        problems.addAll(advice.handedOver(type.methods()));
        warn(advice.committedLater(type.methods()));
        return problems;
    }

    /** A class that cannot be looked into could not be proxied either; whoever does not proxy it may not mind. */
    private LockedType introspect(Class<?> type) {
        try {
            return LockedType.of(type, this.source);
        } catch (IllegalStateException | LinkageError ex) {
            logger.debug("Cannot look for annotated methods in {}", type, ex);
            return LockedType.UNKNOWN;
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
