package io.github.lockspring.interceptor;

import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractBeanFactoryPointcutAdvisor;
import org.springframework.core.Ordered;

/**
 * Has annotated methods locked by an interceptor: one that is set, or a bean that is looked up by its name when the
 * first proxy is created. A bean of this type must be static and of {@code ROLE_INFRASTRUCTURE}.
 *
 * @since 0.1
 */
public final class BeanFactoryLockOperationSourceAdvisor extends AbstractBeanFactoryPointcutAdvisor {

    /** Inside security, asynchronous execution and retry; outside cache and transaction. */
    public static final int DEFAULT_ORDER = Ordered.LOWEST_PRECEDENCE - 100;

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // Advisors are serializable by their super class only.
    private final Pointcut pointcut;

    /**
     * Creates an advisor of the default order.
     *
     * @param source knows which methods are annotated
     */
    public BeanFactoryLockOperationSourceAdvisor(LockOperationSource source) {
        this.pointcut = new LockOperationSourcePointcut(source);
        setOrder(DEFAULT_ORDER);
    }

    @Override
    public Pointcut getPointcut() {
        return this.pointcut;
    }
}
