package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.interceptor.AsyncExecutionInterceptor;
import org.springframework.aop.support.AbstractBeanFactoryPointcutAdvisor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.target.SingletonTargetSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/** Other advice around the methods of a bean, outside and inside of the lock: some of it must be on one side. */
final class SurroundingAdvice {

    /** By name: transactions need not be there. */
    private static final String TRANSACTION_ADVISOR =
            "org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor";

    /** By name, as it is optional, too: the advisor of spring-retry, which is also its configuration. */
    private static final String RETRY_ADVISOR = "org.springframework.retry.annotation.RetryConfiguration";

    private static final String RETRYABLE = "org.springframework.retry.annotation.Retryable";

    private static final String ASYNC = "org.springframework.scheduling.annotation.Async";

    /** The bean that {@code @EnableAsync(mode = AdviceMode.ASPECTJ)} defines. */
    private static final String ASYNC_ASPECT = "org.springframework.scheduling.config.internalAsyncExecutionAspect";

    private final List<PointcutAdvisor> outside = new ArrayList<>();

    private final List<PointcutAdvisor> inside = new ArrayList<>();

    /** In front of asynchronous execution: the lock is acquired before what runs on the executor's thread. */
    private final List<PointcutAdvisor> ofTasks = new ArrayList<>();

    private SurroundingAdvice() {}

    /** Without a proxy that locks, which is how woven classes are, everything is outside. */
    static SurroundingAdvice of(Object bean) {
        SurroundingAdvice advice = new SurroundingAdvice();
        List<PointcutAdvisor> side = advice.outside;
        Object layer = bean;
        while (layer instanceof Advised advised) {
            for (Advisor advisor : advised.getAdvisors()) {
                if (advisor instanceof BeanFactoryLockOperationSourceAdvisor) {
                    side = advice.inside;
                } else if (advisor instanceof PointcutAdvisor pointcut) {
                    (isLockOfTasks(pointcut) ? advice.ofTasks : side).add(pointcut);
                }
            }
            layer = advised.getTargetSource() instanceof SingletonTargetSource single ? single.getTarget() : null;
        }
        return advice;
    }

    /** Finds methods that are handed to an executor inside their lock, which ends before they begin. */
    List<LockAnnotationProblem> handedOver(List<LockDeclaration> methods) {
        List<PointcutAdvisor> handingOver =
                this.inside.stream().filter(SurroundingAdvice::handsOver).toList();
        return methods.stream()
                .filter(declaration -> applies(handingOver, declaration))
                .map(declaration -> declaration.problem(
                        "",
                        "its proxy acquires the lock on the thread of the caller and passes the method to an"
                                + " executor inside the lock, which would be released before the method begins",
                        "Remove order = Ordered.HIGHEST_PRECEDENCE from @EnableAsync, or let the @Async method call"
                                + " the locked method of another bean"))
                .toList();
    }

    /** Finds methods that AspectJ passes to an executor: inside of all proxies, and possibly inside of a woven lock. */
    static List<LockAnnotationProblem> handedOverByWeaving(BeanFactory beanFactory, List<LockDeclaration> methods) {
        if (!beanFactory.containsBean(ASYNC_ASPECT)) {
            return List.of();
        }
        return methods.stream()
                .filter(declaration -> isAnnotated(declaration, ASYNC, SearchStrategy.DIRECT)
                        && isWoven(declaration.method().getDeclaringClass()))
                .map(declaration -> declaration.problem(
                        "",
                        "AspectJ passes the method to an executor, and a lock that is acquired before that would be"
                                + " released before the method begins",
                        "Use @EnableAsync without mode = AdviceMode.ASPECTJ, or let the @Async method call the"
                                + " locked method of another bean"))
                .toList();
    }

    /** Finds methods whose woven lock leaves the thread of the executor, which has the transaction. */
    static List<LockAnnotationProblem> separated(List<LockOperation> woven) {
        return woven.stream()
                .filter(operation -> operation.asynchronous() != null)
                .map(LockOperation::declaration)
                .filter(declaration -> LockOperationParser.isAsynchronous(declaration)
                        && LockOperationParser.isTransactional(declaration))
                .map(declaration -> declaration.problem(
                        "",
                        "its transaction begins on a thread of the executor of @Async, and the woven lock runs the"
                                + " method on another thread when it is acquired",
                        "Return the result itself, let the @Async method call a locked transactional method of"
                                + " another bean, or use distributed-lock.advice-mode=proxy"))
                .toList();
    }

    private static boolean isAnnotated(LockDeclaration declaration, String annotation, SearchStrategy strategy) {
        Method method = declaration.method();
        return MergedAnnotations.from(method, strategy).isPresent(annotation)
                || MergedAnnotations.from(method.getDeclaringClass(), strategy).isPresent(annotation);
    }

    /** By any aspect: the weaver leaves a description of each join point behind. */
    private static boolean isWoven(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .anyMatch(field -> field.getName().startsWith("ajc$tjp"));
    }

    /** Finds methods whose transaction begins before they have their lock. */
    List<LockAnnotationProblem> begunEarlier(List<LockDeclaration> methods) {
        List<PointcutAdvisor> transactions = this.outside.stream()
                .filter(advisor -> advisor.getClass().getName().equals(TRANSACTION_ADVISOR))
                .toList();
        return methods.stream()
                .filter(declaration -> applies(transactions, declaration) && !applies(this.ofTasks, declaration))
                .map(declaration -> declaration.problem(
                        "",
                        "its lock is inside its transaction, which may therefore work on data from before it had the"
                                + " lock; distributed-lock.in-transaction says whether the lock is released after the"
                                + " commit",
                        "Put the lock outside of the transaction: an order in @EnableTransactionManagement that is"
                                + " greater than"
                                + " distributed-lock.order; with woven classes, a transactional method of another bean"
                                + " that the locked one calls"))
                .toList();
    }

    /** Finds methods that are retried under one hold of their lock. */
    List<LockAnnotationProblem> retriedInside(List<LockDeclaration> methods) {
        List<PointcutAdvisor> retries = this.inside.stream()
                .filter(advisor -> ClassUtils.getUserClass(advisor).getName().equals(RETRY_ADVISOR))
                .toList();
        return methods.stream()
                .filter(declaration -> applies(retries, declaration)
                        && isAnnotated(declaration, RETRYABLE, SearchStrategy.TYPE_HIERARCHY))
                .map(declaration -> declaration.problem(
                        "",
                        "@Retryable retries it inside the lock, which stays held through all attempts and the back-off"
                                + " between them, and a lock that is not acquired is not retried",
                        "If each attempt must lock on its own, set @EnableRetry(order = Ordered.LOWEST_PRECEDENCE - 101);"
                                + " otherwise keep the back-off short"))
                .toList();
    }

    /** Skips advisors that would get their advice from the bean factory, possibly too early. */
    static boolean handsOver(PointcutAdvisor advisor) {
        return !(advisor instanceof AbstractBeanFactoryPointcutAdvisor)
                && advisor.getAdvice() instanceof AsyncExecutionInterceptor;
    }

    private static boolean isLockOfTasks(PointcutAdvisor advisor) {
        return advisor instanceof DefaultPointcutAdvisor && advisor.getAdvice() instanceof TaskLockInterceptor;
    }

    private static boolean applies(List<PointcutAdvisor> advisors, LockDeclaration declaration) {
        return advisors.stream()
                .anyMatch(advisor -> advisor.getPointcut()
                        .getMethodMatcher()
                        .matches(declaration.method(), declaration.beanClass()));
    }
}
