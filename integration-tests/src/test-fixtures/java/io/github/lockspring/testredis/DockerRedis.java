package io.github.lockspring.testredis;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A Redis in a container, where an engine runs: Testcontainers ends it with the JVM. */
final class DockerRedis {

    private static final Logger logger = LoggerFactory.getLogger(DockerRedis.class);

    private static final String IMAGE = "redis:7";

    private static final int PORT = 6379;

    private DockerRedis() {}

    static Optional<RedisAddress> start() {
        if (!mayHaveEngine(System.getenv(), Path.of(System.getProperty("user.home", "")))) {
            return Optional.empty();
        }
        try {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return Optional.empty();
            }
            GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(IMAGE)).withExposedPorts(PORT);
            container.start();
            return Optional.of(
                    new RedisAddress(container.getHost(), container.getMappedPort(PORT), "Docker, image " + IMAGE));
        } catch (RuntimeException ex) {
            logger.warn("A Docker engine is there, but does not run {}: going on without it", IMAGE, ex);
            return Optional.empty();
        }
    }

    /**
     * Answers at once where no engine can be: Testcontainers would take its time and log every failed attempt. A
     * client program alone says nothing.
     */
    static boolean mayHaveEngine(Map<String, String> environment, Path home) {
        return environment.containsKey("DOCKER_HOST")
                || home.resolve(".testcontainers.properties").toFile().exists()
                || Stream.of(
                                Path.of("/var/run/docker.sock"),
                                home.resolve(".docker/run/docker.sock"),
                                home.resolve(".docker/desktop/docker.sock"),
                                Path.of(environment.getOrDefault("XDG_RUNTIME_DIR", "/nowhere"), "docker.sock"))
                        .anyMatch(DockerRedis::isListening);
    }

    private static boolean isListening(Path socket) {
        if (!socket.toFile().exists()) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException ex) {
            return false;
        }
    }
}
