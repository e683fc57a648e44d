package io.github.lockspring.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.autoconfigure.DistributedLockAspectAutoConfiguration;
import io.github.lockspring.autoconfigure.DistributedLockAutoConfiguration;
import io.github.lockspring.autoconfigure.LockStoreAutoConfiguration;
import java.time.Duration;
import java.util.List;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What callers of an annotated bean get. */
enum ProxyKind {

    /** A subclass: the default of Spring Boot. */
    CLASS,

    /** A JDK proxy of the interfaces. */
    INTERFACES;

    /** Contexts that have a {@link Journal} and lock in memory; a lock that another holds is not waited for. */
    ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DistributedLockAspectAutoConfiguration.class,
                        DistributedLockAutoConfiguration.class,
                        LockStoreAutoConfiguration.class))
                .withBean(Journal.class)
                .withPropertyValues(
                        "distributed-lock.store=memory",
                        "distributed-lock.wait-time=0s",
                        "spring.aop.proxy-target-class=" + (this == CLASS));
    }

    /** Returns the one bean of a type, which is a proxy of this kind. */
    <T> T bean(ApplicationContext context, Class<T> type) {
        T bean = context.getBean(type);
        assertThat(this == CLASS ? AopUtils.isCglibProxy(bean) : AopUtils.isJdkDynamicProxy(bean))
                .as("%s is a proxy of kind %s", bean.getClass(), this)
                .isTrue();
        return bean;
    }

    Work work(ApplicationContext context) {
        return bean(context, Work.class);
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
