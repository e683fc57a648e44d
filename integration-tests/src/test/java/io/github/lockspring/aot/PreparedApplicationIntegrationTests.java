package io.github.lockspring.aot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.testredis.TestRedis;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedApplicationIntegrationTests {

    /** What the application is started with; it is processed with other values. */
    private static final Map<String, String> PROPERTIES = Map.of(
            "orders.name", "order",
            "orders.many", "10",
            "orders.key", "@regions.of(#name)",
            "orders.lease-time", "5m",
            "orders.wait-time", "10ms");

    /** All that it prints behind the properties from which it is processed, and those that it is started with. */
    private static final List<String> PRINTED = List.of(
            "> proxy true",
            "> name order:42",
            "> condition no lock, many",
            "> nested city:Bern:7:city",
            "> record whole:Item[number=8]",
            "> bean region:region eu",
            "> times long",
            "> lease lease true",
            "> server other",
            "> fallback instead of 5",
            "> skip null",
            "> free taken",
            "> stage stage:1",
            "> mono done",
            "> async async:3",
            "> suspending done",
            "> listener [LockAcquiredEvent, LockContendedEvent, LockReleasedEvent]",
            "> events [LockAcquiredEvent, LockContendedEvent, LockReleasedEvent]",
            "> observed [distributed.lock.acquire, distributed.lock.hold]",
            "> meters 1",
            "> left false");

    @Test
    @Tag("outer-lines")
    void doesFromGeneratedCodeWhatItDoesWithoutIt(@TempDir Path directory) throws Exception {
        PreparedApplication application = PreparedApplication.of(
                OrderApplication.class,
                directory,
                "--spring.data.redis.port=1",
                "--distributed-lock.servers.reporting.command-timeout=3s",
                "--orders.name=other",
                "--orders.many=1",
                "--orders.key='other'",
                "--orders.lease-time=2s",
                "--orders.wait-time=5m");
        assertThat(application.hasClass(OrderApplication.class.getName() + "__ApplicationContextInitializer"))
                .isTrue();

        List<String> prepared = application.run(properties());
        assertThat(printed(prepared)).isEqualTo(PRINTED);
        assertThat(prepared).noneMatch(line -> line.contains("has no effect"));
        assertThat(printed(application.runUnprepared(properties()))).isEqualTo(PRINTED);

        Map<String, String> late = properties();
        late.put("distributed-lock.enabled", "false");
        late.put("distributed-lock.store", "memory");
        late.put("distributed-lock.metrics.enabled", "false");
        late.put("distributed-lock.servers.added.command-timeout", "3s");
        List<String> output = application.run(late);
        assertThat(printed(output)).isEqualTo(PRINTED);
        assertThat(output)
                .anyMatch(line -> line.contains("distributed-lock.enabled=false has no effect"))
                .anyMatch(line -> line.contains("distributed-lock.store=memory has no effect"))
                .anyMatch(line -> line.contains("distributed-lock.metrics.enabled=false has no effect"))
                .anyMatch(line -> line.contains("distributed-lock.servers.added has no effect"));
    }

    private static Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>(PROPERTIES);
        properties.put("spring.data.redis.host", TestRedis.shared().host());
        properties.put(
                "spring.data.redis.port", Integer.toString(TestRedis.shared().port()));
        properties.put("distributed-lock.key-prefix", TestRedis.newPrefix());
        properties.put("distributed-lock.servers.reporting.command-timeout", "3s");
        return properties;
    }

    private static List<String> printed(List<String> output) {
        List<String> printed =
                output.stream().filter(line -> line.startsWith("> ")).toList();
        assertThat(printed).as("%s", output).isNotEmpty();
        return printed;
    }
}
