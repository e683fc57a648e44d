package io.github.lockspring.autoconfigure;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Shows wrong properties as they were written, and where; goes before the general analyzer of failed bindings. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidLockPropertiesFailureAnalyzer extends AbstractFailureAnalyzer<InvalidLockPropertiesException> {

    private final Environment environment;

    InvalidLockPropertiesFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidLockPropertiesException cause) {
        String description = cause.problems().stream()
                .map(this::describe)
                .collect(Collectors.joining("\n\n", "The configuration of distributed locks cannot work:\n\n", ""));
        String action = cause.problems().stream()
                .map(problem -> "    " + problem.property() + ": " + problem.remedy())
                .collect(Collectors.joining("\n", "Change the configuration:\n\n", ""));
        return new FailureAnalysis(description, action, cause);
    }

    private String describe(PropertyProblem problem) {
        ConfigurationProperty written = find(problem.property());
        StringBuilder text = new StringBuilder("    Property: ").append(problem.property());
        text.append("\n    Value: \"")
                .append(written != null ? written.getValue() : problem.value())
                .append('"');
        if (written != null && written.getOrigin() != null) {
            text.append("\n    Origin: ").append(written.getOrigin());
        }
        return text.append("\n    Reason: ").append(problem.reason()).toString();
    }

    private @Nullable ConfigurationProperty find(String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
            ConfigurationProperty written = source.getConfigurationProperty(name);
            if (written != null) {
                return written;
            }
        }
        return null;
    }
}
