package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.core.env.StandardEnvironment;

class InvalidLockPropertiesFailureAnalyzerTests {

    private final StandardEnvironment environment = new StandardEnvironment();

    private final InvalidLockPropertiesFailureAnalyzer analyzer =
            new InvalidLockPropertiesFailureAnalyzer(this.environment);

    @Test
    void showsWhatWasWrittenAndWhere() {
        Origin origin = new Origin() {
            @Override
            public String toString() {
                return "application.yml - 7:15";
            }
        };
        this.environment
                .getPropertySources()
                .addFirst(new OriginTrackedMapPropertySource(
                        "test", Map.of("distributed-lock.lease-time", OriginTrackedValue.of("5ms", origin))));

        FailureAnalysis analysis = this.analyzer.analyze(new InvalidLockPropertiesException(
                List.of(new PropertyProblem("distributed-lock.lease-time", "PT0.005S", "too short", "use 1s"))));

        assertThat(analysis.getDescription())
                .contains(
                        "Property: distributed-lock.lease-time",
                        "Value: \"5ms\"",
                        "Origin: application.yml - 7:15",
                        "Reason: too short");
        assertThat(analysis.getAction()).contains("distributed-lock.lease-time: use 1s");
    }

    @Test
    void showsEveryProblem() {
        FailureAnalysis analysis = this.analyzer.analyze(new InvalidLockPropertiesException(List.of(
                new PropertyProblem("distributed-lock.wait-time", "x", "it is no duration", "use 5s"),
                new PropertyProblem("distributed-lock.locks[a.B].lease-time", "PT0S", "too short", "use 1s"))));

        assertThat(analysis.getDescription())
                .contains(
                        "Property: distributed-lock.wait-time",
                        "Value: \"x\"",
                        "Property: distributed-lock.locks[a.B].lease-time");
        assertThat(analysis.getAction()).contains("use 5s", "use 1s");
    }
}
