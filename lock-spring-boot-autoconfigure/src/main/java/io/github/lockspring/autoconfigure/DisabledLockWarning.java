package io.github.lockspring.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Warns at every start that locking is disabled, even if the application was processed ahead of time. */
final class DisabledLockWarning implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(DisabledLockWarning.class);

    @Override
    public void afterSingletonsInstantiated() {
        log.warn("distributed-lock.enabled=false: methods annotated with @DistributedLock run WITHOUT a lock, and"
                + " LockOperations does not lock anything. Remove the property to enable locking again");
    }
}
