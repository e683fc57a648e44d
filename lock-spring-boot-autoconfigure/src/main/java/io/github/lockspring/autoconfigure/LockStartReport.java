package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.LockOperationSource;
import io.github.lockspring.store.LockStore;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Says in one line, when the context has started, where locks are kept and for how many methods. */
final class LockStartReport implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(LockStartReport.class);

    private final DistributedLockProperties properties;

    private final ListableBeanFactory beanFactory;

    private final LockOperationSource source;

    LockStartReport(DistributedLockProperties properties, ListableBeanFactory beanFactory, LockOperationSource source) {
        this.properties = properties;
        this.beanFactory = beanFactory;
        this.source = source;
    }

    /** Where there are annotated methods, they have to know what to lock with. */
    @Override
    public void afterSingletonsInstantiated() {
        AnnotationLocks locks = new AnnotationLocks(this.beanFactory);
        if (this.source.size() > 0) {
            locks.check();
        }
        if (log.isInfoEnabled()) {
            List<String> bypassed = locks.bypassed();
            log.info(
                    "Distributed locks are kept {}. Methods with @DistributedLock so far: {}{}",
                    String.join("; ", stores()),
                    this.source.size(),
                    bypassed.isEmpty()
                            ? ""
                            : ", locked by the LockEngine bean and not through the LockOperations of the application "
                                    + bypassed);
        }
    }

    private List<String> stores() {
        List<String> stores = new ArrayList<>();
        stores.add(primary());
        new TreeMap<>(this.properties.servers())
                .forEach((id, server) -> stores.add("for server " + id + " "
                        + (this.properties.store() == StoreType.MEMORY
                                ? inMemory()
                                : RedisServerNames.of(
                                        this.beanFactory,
                                        server.connectionFactory(),
                                        this.properties.keyPrefix(server)))));
        return stores;
    }

    /** What a store of the application does is not known. */
    private String primary() {
        LockStore store = NearestBean.find(this.beanFactory, LockStore.class);
        if (store == null || !isAutoConfigured(store)) {
            return "by beans of the application";
        }
        return this.properties.store() == StoreType.MEMORY
                ? inMemory()
                : RedisServerNames.of(
                        this.beanFactory, this.properties.redis().connectionFactory(), this.properties.keyPrefix());
    }

    private boolean isAutoConfigured(LockStore store) {
        return this.beanFactory.containsBean(LockStoreAutoConfiguration.STORE)
                && this.beanFactory.getBean(LockStoreAutoConfiguration.STORE) == store;
    }

    private static String inMemory() {
        return "in the memory of this process";
    }
}
