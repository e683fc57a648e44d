package io.github.lockspring.testredis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class GuardIntegrationTests {

    @Test
    void endsTheServerWhenItsJvmIsKilled() {
        try (JvmProcess jvm = JvmProcess.start(ServerOwner.class)) {
            ProcessHandle server =
                    ProcessHandle.of(Long.parseLong(jvm.await("pid"))).orElseThrow();
            Path directory = Path.of(jvm.await("directory"));
            assertThat(server.isAlive()).isTrue();
            assertThat(directory).isDirectory();

            jvm.kill();

            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(server.isAlive()).isFalse();
                assertThat(directory).doesNotExist();
            });
        }
    }

    @Test
    void endsTheServerWhenItsJvmEnds() {
        try (JvmProcess jvm = JvmProcess.start(ServerOwner.class)) {
            ProcessHandle server =
                    ProcessHandle.of(Long.parseLong(jvm.await("pid"))).orElseThrow();
            jvm.send("end");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !jvm.isAlive() && !server.isAlive());
        }
    }

    /** Starts a server and never ends it. */
    static final class ServerOwner {

        public static void main(String[] arguments) throws InterruptedException {
            ParentJvm parent = ParentJvm.connect();
            RedisProcess redis = RedisProcess.started();
            parent.say("pid " + redis.pid());
            parent.say("directory " + redis.directory());
            parent.nextCommand();
        }
    }
}
