package io.github.lockspring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;

/** Whether proxies must lock: every mode that is not weaving uses proxies. */
final class OnNoWeaving extends NoneNestedConditions {

    OnNoWeaving() {
        super(ConfigurationPhase.PARSE_CONFIGURATION);
    }

    @ConditionalOnProperty(name = "distributed-lock.advice-mode", havingValue = "aspectj")
    static final class Weaving {}
}
