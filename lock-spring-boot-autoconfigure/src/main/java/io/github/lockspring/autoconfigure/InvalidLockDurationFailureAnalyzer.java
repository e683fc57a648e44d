package io.github.lockspring.autoconfigure;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Shows a property that is not a duration the way wrong durations are shown, in place of the general analyzer. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidLockDurationFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final ConfigurationPropertyName PREFIX =
            ConfigurationPropertyName.of(DistributedLockProperties.PREFIX);

    private final Environment environment;

    InvalidLockDurationFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        ConfigurationProperty property = cause.getProperty();
        if (property == null
                || !PREFIX.isAncestorOf(property.getName())
                || cause.getTarget().getType().resolve() != Duration.class) {
            return null;
        }
        PropertyProblem problem = new PropertyProblem(
                property.getName().toString(),
                String.valueOf(property.getValue()),
                "is not a duration",
                "use a number and a unit without a space between them, for example 500ms, 30s, 5m, 1h, or PT30S");
        return new InvalidLockPropertiesFailureAnalyzer(this.environment)
                .analyze(cause, new InvalidLockPropertiesException(List.of(problem)));
    }
}
