package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.LockOperationSource;
import io.github.lockspring.interceptor.LockValidation;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Warns about settings per name that change nothing, most likely because the name is misspelt. Only warns: the name may
 * be one that code uses, or a child context, or that of a lazy bean. Says nothing in a context without annotated
 * methods, such as a parent of those that have them.
 */
final class UnusedLockSettings implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(UnusedLockSettings.class);

    private final DistributedLockProperties properties;

    private final LockOperationSource source;

    UnusedLockSettings(DistributedLockProperties properties, LockOperationSource source) {
        this.properties = properties;
        this.source = source;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (this.properties.validation() == LockValidation.OFF) {
            return;
        }
        SortedSet<String> annotated = this.source.names();
        if (annotated.isEmpty()) {
            return;
        }
        new TreeSet<>(this.properties.locks().keySet())
                .stream()
                        .filter(name -> !annotated.contains(name))
                        .forEach(name -> log.warn(
                                "distributed-lock.locks{} matches no annotated method of this context, and changes nothing"
                                        + " unless code or a child context uses that name. Names of annotated methods: {}",
                                PropertyChecks.mapKey(name),
                                annotated));
    }
}
