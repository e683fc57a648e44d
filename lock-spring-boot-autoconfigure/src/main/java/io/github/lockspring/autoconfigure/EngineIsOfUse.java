package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockOperations;
import io.github.lockspring.store.LockStore;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;

/** An application that brings its own operations and has no store needs no engine, and should not fail for want of it. */
final class EngineIsOfUse extends AnyNestedCondition {

    EngineIsOfUse() {
        super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnBean(LockStore.class)
    static final class HasStore {}

    @ConditionalOnMissingBean(LockOperations.class)
    static final class NeedsTemplate {}
}
