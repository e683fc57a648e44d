package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.BeanFactoryLockOperationSourceAdvisor;
import io.github.lockspring.interceptor.LockAspectSupport;
import io.github.lockspring.interceptor.UnlockedMethods;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Warns about annotated methods in contexts without the auto-configuration: test slices, and child contexts of a parent
 * that has it. Hears of every context of a Spring Boot application, and of children however they are made.
 */
final class UnlockedMethodsListener implements ApplicationListener<ContextRefreshedEvent> {

    private static final int SHOWN = 10;

    private static final Logger log = LoggerFactory.getLogger(UnlockedMethodsListener.class);

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() instanceof ConfigurableApplicationContext context
                && isNearestListenerOf(context)
                && !isSetUp(context.getBeanFactory())) {
            Set<String> unlocked = UnlockedMethods.in(context.getBeanFactory());
            if (!unlocked.isEmpty()) {
                log.warn(
                        "Methods annotated with @DistributedLock run WITHOUT a lock, because the auto-configuration of"
                                + " distributed locks is not part of their application context: {}{}. Context: {}. To lock"
                                + " them, enable auto-configuration there; in a slice test, add"
                                + " @AutoConfigureTestLocks of lock-spring-boot-starter-test or, without it,"
                                + " @ImportAutoConfiguration({LockStoreAutoConfiguration.class,"
                                + " DistributedLockAutoConfiguration.class, DistributedLockAspectAutoConfiguration.class})"
                                + " and set distributed-lock.store=memory",
                        unlocked.stream().limit(SHOWN).collect(Collectors.joining(", ")),
                        unlocked.size() > SHOWN ? " and " + (unlocked.size() - SHOWN) + " more" : "",
                        context.getDisplayName());
            }
        }
    }

    /** An event reaches the parents of its context, too: that one speaks which is nearest. */
    private boolean isNearestListenerOf(ApplicationContext context) {
        for (ApplicationContext each = context; each != null; each = each.getParent()) {
            if (each instanceof AbstractApplicationContext listening) {
                for (ApplicationListener<?> listener : listening.getApplicationListeners()) {
                    if (listener instanceof UnlockedMethodsListener) {
                        return listener == this;
                    }
                }
            }
        }
        return true;
    }

    /** Either locked, or disabled with a warning. */
    private static boolean isSetUp(ListableBeanFactory beans) {
        return exists(beans.getBeanNamesForType(LockAspectSupport.class, true, false))
                || exists(beans.getBeanNamesForType(BeanFactoryLockOperationSourceAdvisor.class, true, false))
                || exists(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                        beans, DistributedLockDisabledAutoConfiguration.class, true, false));
    }

    private static boolean exists(String[] names) {
        return names.length > 0;
    }
}
