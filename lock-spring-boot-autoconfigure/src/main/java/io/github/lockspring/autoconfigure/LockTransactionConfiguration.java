package io.github.lockspring.autoconfigure;

import io.github.lockspring.LeaseReleaseStrategy;
import io.github.lockspring.reactive.ReactiveReleaseStrategy;
import io.github.lockspring.transaction.ReactiveTransactionalReleaseStrategy;
import io.github.lockspring.transaction.TransactionalReleaseStrategy;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.context.annotation.Scope;
import org.springframework.transaction.TransactionExecutionListener;
import reactor.core.publisher.Flux;

/** What locks and transactions have to do with each other, where Spring's transactions are on the class path. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(TransactionExecutionListener.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
final class LockTransactionConfiguration {

    /** Only its messages are used, by all others. */
    private final TransactionalReleaseStrategy first = new TransactionalReleaseStrategy();

    /** Every template gets its own: fencing tokens of several servers must not be compared. */
    @Bean
    @Scope("prototype")
    @ConditionalOnMissingBean
    LeaseReleaseStrategy distributedLockReleaseStrategy() {
        return this.first.forAnotherTemplate();
    }

    /** Loaded only where Reactor is there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Flux.class)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static final class Reactive {

        @Bean
        @ConditionalOnMissingBean
        ReactiveReleaseStrategy distributedLockReactiveReleaseStrategy(LockTransactionConfiguration transactions) {
            return new ReactiveTransactionalReleaseStrategy(transactions.first);
        }
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static CommitGuardPostProcessor distributedLockCommitGuard() {
        return new CommitGuardPostProcessor();
    }
}
