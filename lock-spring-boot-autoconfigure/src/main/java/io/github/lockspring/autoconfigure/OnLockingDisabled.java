package io.github.lockspring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.context.annotation.Conditional;

/** Whether locking is switched off. */
final class OnLockingDisabled extends NoneNestedConditions {

    OnLockingDisabled() {
        super(ConfigurationPhase.PARSE_CONFIGURATION);
    }

    @Conditional(OnLockingEnabled.class)
    static final class Enabled {}
}
