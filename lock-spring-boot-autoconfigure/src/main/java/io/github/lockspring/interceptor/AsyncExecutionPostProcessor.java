package io.github.lockspring.interceptor;

import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.Pointcuts;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Has the lock of {@code @Async} methods acquired before their executor gets them, without blocking a thread. Spring
 * puts asynchronous execution in front of all advice that a bean has, so that the advice of the lock runs on a thread of
 * the executor, and would block it. Where the proxy of a bean does not allow more advice, or another proxy inside of it
 * locks, that remains so. A bean of this type must be static and of {@code ROLE_INFRASTRUCTURE}.
 *
 * @since 0.1
 */
public final class AsyncExecutionPostProcessor implements BeanPostProcessor {

    /** Creates the post-processor. */
    public AsyncExecutionPostProcessor() {}

    /** Comes after the post-processor of asynchronous execution, which is ordered; this one is not. */
    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof Advised advised && !advised.isFrozen()) {
            Advisor[] advisors = advised.getAdvisors();
            for (int i = 0; i < advisors.length; i++) {
                if (advisors[i] instanceof BeanFactoryLockOperationSourceAdvisor lock) {
                    int execution = lastExecution(advisors, i);
                    if (execution >= 0) {
                        surround(advised, execution, (PointcutAdvisor) advisors[execution], lock);
                    }
                    break;
                }
            }
        }
        return bean;
    }

    private static int lastExecution(Advisor[] advisors, int end) {
        for (int i = end - 1; i >= 0; i--) {
            if (advisors[i] instanceof PointcutAdvisor pointcut && SurroundingAdvice.handsOver(pointcut)) {
                return i;
            }
        }
        return -1;
    }

    private static void surround(
            Advised advised, int place, PointcutAdvisor execution, BeanFactoryLockOperationSourceAdvisor lock) {
        Pointcut tasks = Pointcuts.intersection(execution.getPointcut(), lock.getPointcut());
        advised.addAdvisor(place + 1, new DefaultPointcutAdvisor(tasks, new TaskEndInterceptor()));
        advised.addAdvisor(place, new DefaultPointcutAdvisor(tasks, new TaskLockInterceptor(lock)));
        validateEarlier(advised, place, execution);
    }

    /** Arguments are validated before the lock is acquired, which is on the thread of the caller now. */
    private static void validateEarlier(Advised advised, int place, PointcutAdvisor execution) {
        for (Advisor advisor : advised.getAdvisors()) {
            if (advisor instanceof PointcutAdvisor validation
                    && ArgumentValidationPostProcessor.validates(validation)) {
                Pointcut validated = Pointcuts.intersection(execution.getPointcut(), validation.getPointcut());
                advised.addAdvisor(place, new DefaultPointcutAdvisor(validated, validation.getAdvice()));
                return;
            }
        }
    }
}
