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
                        .committedLater(this.methods))
                .singleElement()
                .extracting(LockAnnotationProblem::toString, STRING)
                .contains("Job.run()", "its lock is inside its transaction", "@EnableTransactionManagement");
        assertThat(SurroundingAdvice.of(proxy(new Job(), this.lock, this.transactions))
                        .committedLater(this.methods))
                .isEmpty();
    }

    /** A woven class has its lock inside of all that proxies do. */
    @Test
    void findsTransactionsAroundAWovenClass() {
        assertThat(SurroundingAdvice.of(proxy(new Job(), this.transactions)).committedLater(this.methods))
                .hasSize(1);
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
                        .committedLater(this.methods))
                .hasSize(1);
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
        try {
            LockDeclaration found = LockDeclaration.find(Job.class.getMethod("run"), Job.class);
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
}
