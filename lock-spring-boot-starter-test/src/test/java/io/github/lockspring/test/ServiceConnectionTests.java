package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.test.orders.OrderApplication;
import io.github.lockspring.test.orders.OrderService;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** Without test support: locks are where the service connection of the application says. Needs a Docker engine. */
@SpringBootTest(classes = {OrderApplication.class, ServiceConnectionTests.RedisContainer.class})
@EnabledIf("isDockerAvailable")
class ServiceConnectionTests {

    @Autowired
    private LockOperations operations;

    @Autowired
    private OrderService orders;

    @Autowired
    private StringRedisTemplate redis;

    /** Where there is no engine, Testcontainers would look for it for long. */
    static boolean isDockerAvailable() {
        return (System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock")))
                && DockerClientFactory.instance().isDockerAvailable();
    }

    @Test
    void locksAreInTheContainer() {
        try (LockLease lease = this.operations.acquire(LockOptions.named("report"))) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(this.redis.hasKey("lock:{report}")).isTrue();
        }
        assertThat(this.orders.shipIfFree(42)).isPresent();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class RedisContainer {

        @Bean
        @ServiceConnection(name = "redis")
        GenericContainer<?> redis() {
            return new GenericContainer<>("redis:7").withExposedPorts(6379);
        }
    }
}
