package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.lockspring.annotation.DistributedLock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.interceptor.AsyncExecutionInterceptor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.config.TaskManagementConfigUtils;
import org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor;
import org.springframework.transaction.interceptor.MatchAlwaysTransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionInterceptor;

class SurroundingAdviceTests {

    private final List<LockDeclaration> methods = List.of(method());

    private final Advisor lock = lock();

    private final Advisor transactions = transactions();

    private final Advisor execution = new DefaultPointcutAdvisor(new AsyncExecutionInterceptor(null));

    @Test
    void findsTransactionsOutsideOfTheLock() {
        assertThat(SurroundingAdvice.of(proxy(new Job(), this.transactions, this.lock))
                        .begunEarlier(this.methods))
                .singleElement()
                .extracting(LockAnnotationProblem::toString, STRING)
                .contains("Job.run()", "its lock is inside its transaction", "@EnableTransactionManagement");
        assertThat(SurroundingAdvice.of(proxy(new Job(), this.lock, this.transactions))
                        .begunEarlier(this.methods))
                .isEmpty();
    }

    /** A woven class has its lock inside of all that proxies do. */
    @Test
    void findsTransactionsAroundAWovenClass() {
        assertThat(SurroundingAdvice.of(proxy(new Job(), this.transactions)).begunEarlier(this.methods))
                .hasSize(1);
    }

    /** The lock of a task is acquired before anything of that runs. */
    @Test
    void findsNoTransactionsThatBeginWhenTheLockOfTheirTaskIsAcquired() {
        Object proxy = proxy(new Job(), this.execution, this.transactions, this.lock);
        new AsyncExecutionPostProcessor().postProcessAfterInitialization(proxy, "job");
        assertThat(SurroundingAdvice.of(proxy).begunEarlier(this.methods)).isEmpty();
        assertThat(SurroundingAdvice.of(proxy).handedOver(this.methods)).isEmpty();
    }

    @Test
    void findsAsynchronousExecutionInsideTheLock() {
        assertThat(SurroundingAdvice.of(proxy(new Job(), this.lock, this.execution))
                        .handedOver(this.methods))
                .singleElement()
                .extracting(LockAnnotationProblem::toString, STRING)
                .contains("Job.run()", "to an executor inside the lock", "@EnableAsync");
        assertThat(SurroundingAdvice.of(proxy(new Job(), this.execution, this.lock))
                        .handedOver(this.methods))
                .isEmpty();
    }

    @Test
    void looksIntoTheProxyOfAProxy() {
        assertThat(SurroundingAdvice.of(proxy(proxy(new Job(), this.execution), this.lock))
                        .handedOver(this.methods))
                .hasSize(1);
        assertThat(SurroundingAdvice.of(proxy(proxy(new Job(), this.lock), this.transactions))
                        .begunEarlier(this.methods))
                .hasSize(1);
    }

    @Test
    void findsWhatAspectJHandsToAnExecutor() {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        List<LockDeclaration> woven = List.of(method(WovenJob.class), method(Job.class));
        assertThat(SurroundingAdvice.handedOverByWeaving(beans, woven)).isEmpty();

        beans.addBean(TaskManagementConfigUtils.ASYNC_EXECUTION_ASPECT_BEAN_NAME, new Object());
        assertThat(SurroundingAdvice.handedOverByWeaving(beans, woven))
                .singleElement()
                .extracting(LockAnnotationProblem::toString, STRING)
                .contains("WovenJob.run()", "AspectJ passes the method to an executor", "@EnableAsync");
    }

    private static Object proxy(Object target, Advisor... advisors) {
        ProxyFactory factory = new ProxyFactory(target);
        factory.addAdvisors(advisors);
        return factory.getProxy();
    }

    private static Advisor lock() {
        BeanFactoryLockOperationSourceAdvisor advisor =
                new BeanFactoryLockOperationSourceAdvisor(new LockOperationSource(text -> text));
        advisor.setAdviceBeanName("never asked for");
        return advisor;
    }

    private static Advisor transactions() {
        BeanFactoryTransactionAttributeSourceAdvisor advisor = new BeanFactoryTransactionAttributeSourceAdvisor();
        advisor.setTransactionAttributeSource(new MatchAlwaysTransactionAttributeSource());
        advisor.setAdvice(new TransactionInterceptor());
        return advisor;
    }

    private static LockDeclaration method() {
        return method(Job.class);
    }

    private static LockDeclaration method(Class<?> type) {
        try {
            LockDeclaration found = LockDeclaration.find(type.getMethod("run"), type);
            assertThat(found).isNotNull();
            return found;
        } catch (NoSuchMethodException ex) {
            throw new AssertionError(ex);
        }
    }

    /** Public with its interface, for proxies. */
    public static class Job implements Runnable {

        @Override
        @DistributedLock
        public void run() {}
    }

    /** Has what the weaver leaves behind. */
    public static class WovenJob implements Runnable {

        private static final Object ajc$tjp_0 = new Object();

        @Override
        @Async
        @DistributedLock
        public void run() {}
    }
}
