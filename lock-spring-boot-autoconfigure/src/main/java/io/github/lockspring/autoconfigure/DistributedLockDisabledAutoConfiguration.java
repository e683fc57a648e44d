package io.github.lockspring.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of an application that switched locking off: a warning, and no bean.
 *
 * @since 0.1
 */
@AutoConfiguration
@Conditional(OnLockingDisabled.class)
@Import(DisabledLockWarning.class)
public final class DistributedLockDisabledAutoConfiguration {

    DistributedLockDisabledAutoConfiguration() {}
}
