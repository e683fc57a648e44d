package io.github.lockspring.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;

/**
 * Warns at every start that locking is disabled, even if the application was processed ahead of time. That it was disabled
 * then only is told by {@link LockSwitches}.
 */
final class DisabledLockWarning implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(DisabledLockWarning.class);

    private final Environment environment;

    DisabledLockWarning(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (!OnLockingEnabled.isEnabled(this.environment)) {
            log.warn("distributed-lock.enabled=false: methods annotated with @DistributedLock run WITHOUT a lock, and"
                    + " LockOperations does not lock anything. Remove the property to enable locking again");
        }
    }
}
