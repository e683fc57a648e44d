package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.MockitoMocks;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.LockStore;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Chooses the store of the engine under the template of the auto-configuration: the bean, and nothing else, but in a
 * test. A test that has replaced that template by a mock, as {@code @MockitoBean LockOperations} does, may have no
 * Redis: its annotated methods are then locked in memory.
 */
final class LockStoreChoice {

    private static final String PROBE = "distributed-lock-probe";

    private static final Logger log = LoggerFactory.getLogger(LockStoreChoice.class);

    private final ConfigurableListableBeanFactory beanFactory;

    private final Duration patience;

    LockStoreChoice(ConfigurableListableBeanFactory beanFactory, DistributedLockProperties properties) {
        this.beanFactory = beanFactory;
        this.patience = properties.redis().commandTimeout();
    }

    LockStore choose() {
        LockStore store = NearestBean.find(this.beanFactory, LockStore.class);
        if (isTemplateMocked() && !answers(store)) {
            log.warn(
                    "A test has replaced the LockOperations bean and there is no Redis: methods annotated with"
                            + " @DistributedLock are locked within this process. Set distributed-lock.store=memory to choose that");
            return new InMemoryLockStore();
        }
        if (store == null) {
            throw new NoLockStoreException();
        }
        return store;
    }

    /**
     * Spring registers what a test puts in place of a bean before any bean is created; the template needs the engine.
     */
    private boolean isTemplateMocked() {
        Object template = this.beanFactory.getSingleton(DistributedLockAutoConfiguration.TEMPLATE);
        return template != null && MockitoMocks.isMock(template);
    }

    private boolean answers(@Nullable LockStore store) {
        if (store == null) {
            return false;
        }
        try {
            store.holder(PROBE).toCompletableFuture().get(this.patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException ex) {
            log.debug("The lock store does not answer", ex);
            return false;
        }
    }
}
