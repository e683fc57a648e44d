package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockSettings;
import io.github.lockspring.interceptor.LockOperationSource;
import io.github.lockspring.interceptor.LockValidation;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.store.LockStore;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Says in one line, when the context has started, where locks are kept and for how many methods; at DEBUG, also how each of
 * these is locked. Tells it by the engines that are there, and creates no bean for it.
 */
final class LockStartReport implements SmartInitializingSingleton {

    private static final String BY_THE_APPLICATION = "by beans of the application";

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
        boolean counted = this.properties.validation() != LockValidation.OFF;
        if (!this.source.isEmpty()) {
            locks.check();
        }
        if (log.isInfoEnabled()) {
            try {
                report(locks.bypassed(), counted);
                if (log.isDebugEnabled()) {
                    inventory();
                }
            } catch (RuntimeException ex) {
                log.warn("It cannot be told where distributed locks are kept", ex);
            }
        }
    }

    private void report(List<String> bypassed, boolean counted) {
        log.info(
                "Distributed locks are kept {}.{}{}",
                String.join("; ", places()),
                counted ? " Methods with @DistributedLock so far: " + this.source.size() : "",
                bypassed.isEmpty()
                        ? ""
                        : (counted ? ", locked" : " Methods with @DistributedLock are locked")
                                + " by the LockEngine bean and not through the LockOperations of the application "
                                + bypassed);
    }

    /** For each locked method what applies to it; a bean that is created for that is one of settings only. */
    private void inventory() {
        LockSettings settings =
                this.beanFactory.getBeanProvider(LockSettings.class).getIfAvailable(() -> LockSettings.DEFAULTS);
        SortedSet<String> methods = this.source.describe(settings);
        if (!methods.isEmpty()) {
            log.debug("Locked methods so far:\n  {}", String.join("\n  ", methods));
        }
    }

    private List<String> places() {
        List<String> places = new ArrayList<>();
        List<String> engines = NearestBean.names(this.beanFactory, LockEngine.class);
        places.add(engines.size() == 1 ? place(engines.get(0)) : BY_THE_APPLICATION);
        new TreeSet<>(this.properties.servers().keySet())
                .stream()
                        .filter(id -> this.beanFactory.containsBean(LockServers.engineBean(id)))
                        .forEach(id -> places.add("for server " + id + " " + place(LockServers.engineBean(id))));
        return places;
    }

    /** Where an engine or a store of the application keeps locks is not known. */
    private String place(String bean) {
        Object engine = NearestBean.ifCreated(this.beanFactory, bean);
        if (engine == null) {
            return "by the bean '" + bean + "', which has not been created yet";
        }
        if (!(engine instanceof RestartableLockEngine known)) {
            return BY_THE_APPLICATION;
        }
        return (isOurs(known.store()) ? "in " : "by a LockStore bean: ") + known.store();
    }

    private static boolean isOurs(LockStore store) {
        return store instanceof InMemoryLockStore || store instanceof RedisLockStore;
    }
}
