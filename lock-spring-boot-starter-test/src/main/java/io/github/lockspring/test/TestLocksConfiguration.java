package io.github.lockspring.test;

import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Role;

/** The beans of the test: registered before the auto-configuration, whose store then steps back. */
@Configuration(proxyBeanMethods = false)
final class TestLocksConfiguration {

    /** The default lease time, as another process would have it. */
    private static final Duration LEASE_ELSEWHERE = Duration.ofSeconds(30);

    /** Wins over a store of the application, too. */
    @Bean
    @Primary
    ControlledLockStore testLockStore() {
        return new ControlledLockStore(LEASE_ELSEWHERE);
    }

    @Bean
    LockHistory testLockHistory() {
        return new LockHistory();
    }

    @Bean
    TestLocks testLocks(ControlledLockStore store, LockHistory history) {
        return new TestLocks(store, history);
    }

    /** Loaded only where there are transactions. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.transaction.TransactionExecutionListener")
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static final class Transactions {

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static TransactionRecording testLockTransactionRecording(ObjectProvider<LockHistory> history) {
            return new TransactionRecording(history);
        }
    }
}
