package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockListener;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What watches the calls of all engines for an operator: events, and warnings of long holds. */
@Configuration(proxyBeanMethods = false)
final class LockMonitorConfiguration {

    /** One for each context: its name hides that of a parent, whose engines tell listeners of the parent. */
    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    LockEvents distributedLockEvents(ApplicationContext context, ObjectProvider<LockListener> listeners) {
        return new LockEvents(context, listeners, System::nanoTime);
    }

    /** No bean, and no cost, unless a time is set for all locks or for one name. */
    @Bean
    @ConditionalOnMissingBean
    @Nullable LongHolds distributedLockLongHolds(DistributedLockProperties properties) {
        Duration all = properties.warnAfter();
        Map<String, Duration> byName = properties.warnAfterByName();
        return all == null && byName.isEmpty() ? null : new LongHolds(all, byName, System::nanoTime);
    }
}
