package io.github.lockspring.interceptor;

import java.util.List;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ReflectiveMethodInvocation;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.Pointcuts;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.validation.beanvalidation.MethodValidationInterceptor;

/**
 * Validates the arguments of locked methods of {@code @Validated} beans before the lock is acquired, so that an invalid
 * one neither waits for a lock nor fails in the expression of its key. Spring appends its validation to the advice that
 * a bean has, which puts it inside the lock and the transaction. It stays there: it validates the result, too, and a
 * transaction with an invalid result must roll back. A bean of this type must be static and of {@code
 * ROLE_INFRASTRUCTURE}.
 *
 * @since 0.1
 */
public final class ArgumentValidationPostProcessor implements BeanPostProcessor {

    /** Creates the post-processor. */
    public ArgumentValidationPostProcessor() {}

    /** Comes after the post-processor of the validation, which is ordered; this one is not. */
    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof Advised advised && !advised.isFrozen()) {
            int place = -1;
            Pointcut locked = Pointcut.TRUE;
            Advisor[] advisors = advised.getAdvisors();
            for (int i = 0; i < advisors.length; i++) {
                if (place < 0 && advisors[i] instanceof BeanFactoryLockOperationSourceAdvisor lock) {
                    place = i;
                    locked = lock.getPointcut();
                } else if (place >= 0
                        && advisors[i] instanceof DefaultPointcutAdvisor validation
                        && validation.getAdvice() instanceof MethodValidationInterceptor interceptor) {
                    advised.addAdvisor(
                            place,
                            new DefaultPointcutAdvisor(
                                    Pointcuts.intersection(locked, validation.getPointcut()),
                                    new ArgumentValidation(interceptor)));
                    return bean;
                }
            }
        }
        return bean;
    }

    static boolean validates(PointcutAdvisor advisor) {
        return advisor instanceof DefaultPointcutAdvisor && advisor.getAdvice() instanceof ArgumentValidation;
    }

    /** What an executor runs was validated by the caller. */
    private record ArgumentValidation(MethodInterceptor validation) implements MethodInterceptor {

        @Override
        public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
            if (LockedTask.of(invocation) == null) {
                rehearse(invocation);
            }
            return invocation.proceed();
        }

        private void rehearse(MethodInvocation invocation) throws Throwable {
            try {
                new Rehearsal((ProxyMethodInvocation) invocation, this.validation).proceed();
            } catch (ArgumentsAreValid ex) {
                // and the result is validated under the lock
            }
        }
    }

    /** The call with only the validation around it, which ends where the method would begin. */
    private static final class Rehearsal extends ReflectiveMethodInvocation {

        Rehearsal(ProxyMethodInvocation call, MethodInterceptor validation) {
            super(
                    call.getProxy(),
                    call.getThis(),
                    call.getMethod(),
                    call.getArguments().clone(),
                    null,
                    List.of(validation));
        }

        @Override
        protected Object invokeJoinpoint() {
            throw new ArgumentsAreValid();
        }
    }

    /** Has no stack trace: it is caught where the rehearsal began. */
    private static final class ArgumentsAreValid extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ArgumentsAreValid() {
            super(null, null, false, false);
        }
    }
}
