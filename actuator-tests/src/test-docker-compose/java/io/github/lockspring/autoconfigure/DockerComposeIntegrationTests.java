package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.testredis.JvmProcess;
import io.github.lockspring.testredis.ParentJvm;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Locks are in the Redis that Spring Boot's support of Docker Compose finds. A script stands in for the command
 * {@code docker}; the Redis is real. The application is a process of its own, because the command is looked for on the
 * PATH of the process, and Spring Boot skips Docker Compose in threads of a test.
 */
class DockerComposeIntegrationTests {

    /** Answers that a container of Redis runs once it was started; PORT is its port on the host. */
    private static final String DOCKER = """
            #!/bin/sh
            echo "$*" >> "$0.log"
            case "$*" in
              "version "*)
                echo 27.3.1 ;;
              "compose version "*)
                echo '{"version":"2.29.7"}' ;;
              "context ls "*)
                echo '{"Name":"default","Current":true,"DockerEndpoint":"unix:///var/run/docker.sock"}' ;;
              "compose "*" config "*)
                echo '{"name":"orders","services":{"redis":{"image":"redis:7"}}}' ;;
              "compose "*" up "*)
                touch "$0.up" ;;
              "compose "*" ps "*)
                [ ! -f "$0.up" ] ||
                echo '{"ID":"f5af1e5c3a2b","Name":"orders-redis-1","Image":"redis:7","State":"running"}' ;;
              "inspect "*)
                echo '{"Id":"f5af1e5c3a2b4d","Config":{"Image":"redis:7","Labels":{},"Env":[],' \\
                     '"ExposedPorts":{"6379/tcp":{}}},"HostConfig":{"NetworkMode":"orders_default"},' \\
                     '"NetworkSettings":{"Ports":{"6379/tcp":[{"HostIp":"0.0.0.0","HostPort":"PORT"}]}}}' ;;
              *)
                echo "no answer to: $*" >&2
                exit 1 ;;
            esac
            """;

    @TempDir
    private Path directory;

    @Test
    void locksAreInTheServiceOfRedis() throws IOException {
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client();
                JvmProcess application = start(redis.port())) {
            assertThat(application.await("Locks"))
                    .startsWith("are kept by ")
                    .contains(" at 127.0.0.1:" + redis.port() + ": standalone");

            application.send("hold");
            application.await("holding");

            assertThat(inside.keys("*")).contains("lock:{report}");
            assertThat(this.directory.resolve("docker.log")).content().contains(" up ");
        }
    }

    /** Nothing but Docker Compose says where Redis is. Each line of the application's log is a message to the test. */
    private JvmProcess start(int port) throws IOException {
        Path docker = Files.writeString(this.directory.resolve("docker"), DOCKER.replace("PORT", "" + port));
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
        Path file = Files.writeString(this.directory.resolve("compose.yaml"), "services: {redis: {image: 'redis:7'}}");
        String path = this.directory + File.pathSeparator + System.getenv("PATH");
        return JvmProcess.start(
                List.of(),
                Map.of("PATH", path, "DOCKER_HOST", ""),
                Application.class,
                "--spring.docker.compose.enabled=true",
                "--spring.docker.compose.file=" + file,
                "--spring.main.web-application-type=none",
                "--logging.pattern.console=> %msg%n");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        public static void main(String[] arguments) throws InterruptedException {
            ParentJvm parent = ParentJvm.connect();
            Report report = SpringApplication.run(Application.class, arguments).getBean(Report.class);
            parent.nextCommand();
            report.write(parent);
        }

        @Bean
        Report report() {
            return new Report();
        }
    }

    static class Report {

        @DistributedLock(name = "report")
        public void write(ParentJvm parent) throws InterruptedException {
            parent.say("holding");
            parent.nextCommand();
        }
    }
}
