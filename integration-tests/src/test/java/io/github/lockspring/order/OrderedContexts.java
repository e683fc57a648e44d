package io.github.lockspring.order;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.autoconfigure.DistributedLockAspectAutoConfiguration;
import io.github.lockspring.autoconfigure.DistributedLockAutoConfiguration;
import io.github.lockspring.autoconfigure.LockStoreAutoConfiguration;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Contexts that have a {@link Journal} and lock in memory; a lock that another holds is not waited for. */
final class OrderedContexts {

    private OrderedContexts() {}

    static ApplicationContextRunner runner(ProxyKind kind) {
        return kind.in(new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DistributedLockAspectAutoConfiguration.class,
                        DistributedLockAutoConfiguration.class,
                        LockStoreAutoConfiguration.class))
                .withBean(Journal.class)
                .withPropertyValues("distributed-lock.store=memory", "distributed-lock.wait-time=0s"));
    }

    static List<String> journal(ApplicationContext context) {
        return context.getBean(Journal.class).entries();
    }

    /** Takes the lock {@code order} with this key as another thread would: calls of this one do not re-enter it. */
    static LockLease heldElsewhere(ApplicationContext context, String key) {
        return context.getBean(LockOperations.class)
                .acquireAsync(LockOptions.named("order").key(key).waitTime(Duration.ofMinutes(1)))
                .toCompletableFuture()
                .join();
    }
}
