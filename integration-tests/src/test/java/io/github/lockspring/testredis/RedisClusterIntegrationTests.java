package io.github.lockspring.testredis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RedisClusterIntegrationTests {

    @Test
    void servesEverySlotFromItsMaster() {
        try (RedisCluster cluster = RedisCluster.started()) {
            Set<RedisProcess> used = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                String key = "key-" + i;
                RedisProcess master = cluster.masterOf(key);
                used.add(master);
                try (RespClient client = master.client()) {
                    assertThat(client.command("SET", key, "v")).isEqualTo("OK");
                }
            }
            assertThat(used).containsExactlyInAnyOrderElementsOf(cluster.masters());
            assertThat(cluster.slotOf("{a}1")).isEqualTo(cluster.slotOf("{a}2"));
        }
    }

    @Test
    void redirectsFromOtherMasters() {
        try (RedisCluster cluster = RedisCluster.started()) {
            RedisProcess master = cluster.masterOf("key");
            RedisProcess other = cluster.masters().stream()
                    .filter(node -> node != master)
                    .findFirst()
                    .orElseThrow();
            try (RespClient client = other.client()) {
                assertThatExceptionOfType(RespException.class)
                        .isThrownBy(() -> client.command("GET", "key"))
                        .withMessageStartingWith("MOVED " + cluster.slotOf("key"))
                        .withMessageEndingWith(master.host() + ":" + master.port());
            }
        }
    }
}
