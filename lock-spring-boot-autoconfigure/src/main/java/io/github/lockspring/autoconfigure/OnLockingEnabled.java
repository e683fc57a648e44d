package io.github.lockspring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether locking is switched on. Reads the property as it is bound, so that {@code yes} and {@code on} mean {@code
 * true}, and an invalid value fails the start: {@code @ConditionalOnProperty} would take both for {@code false} and
 * silently leave annotated methods without a lock.
 */
final class OnLockingEnabled extends SpringBootCondition {

    private static final String PROPERTY = DistributedLockProperties.PREFIX + ".enabled";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        boolean enabled = isEnabled(context.getEnvironment());
        return new ConditionOutcome(enabled, ConditionMessage.of(PROPERTY + " is " + enabled));
    }

    static boolean isEnabled(Environment environment) {
        return Binder.get(environment).bind(PROPERTY, Boolean.class).orElse(true);
    }
}
