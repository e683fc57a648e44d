package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;

class ConnectionFactoryChoiceFailureAnalyzerTests {

    private static final String PROPERTY = "distributed-lock.redis.connection-factory";

    private final ConnectionFactoryChoiceFailureAnalyzer analyzer = new ConnectionFactoryChoiceFailureAnalyzer();

    @Test
    void listsTheFactoriesToChooseFrom() {
        FailureAnalysis analysis =
                this.analyzer.analyze(new ConnectionFactoryChoiceException(PROPERTY, null, List.of("cache", "locks")));
        assertThat(analysis.getDescription()).contains("2 RedisConnectionFactory beans", "- cache", "- locks");
        assertThat(analysis.getAction()).contains("distributed-lock.redis.connection-factory", "@Primary");
    }

    @Test
    void namesTheFactoryThatDoesNotExist() {
        FailureAnalysis analysis = this.analyzer.analyze(
                new ConnectionFactoryChoiceException(PROPERTY, "lokcs", List.of("cache", "locks")));
        assertThat(analysis.getDescription()).contains("'lokcs'", "- cache", "- locks");
        assertThat(analysis.getAction()).contains("distributed-lock.redis.connection-factory");
    }
}
