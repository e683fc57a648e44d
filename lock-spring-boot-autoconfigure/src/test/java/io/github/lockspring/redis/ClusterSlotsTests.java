package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;

/** What the key layout expects of Spring Data. */
class ClusterSlotsTests {

    @Test
    void checksumIsTheOneOfTheClusterSpecification() {
        assertThat(ClusterSlotHashUtil.calculateSlot("123456789")).isEqualTo(0x31C3 % ClusterSlotHashUtil.SLOT_COUNT);
    }

    @ParameterizedTest
    @CsvSource({"foo, 12182", "bar, 5061", "hello, 866", "'', 0"})
    void slotsAreThoseOfCluster(String key, int slot) {
        assertThat(ClusterSlotHashUtil.calculateSlot(KeyLayout.bytes(key))).isEqualTo(slot);
    }

    @ParameterizedTest
    @CsvSource({
        "{foo}bar, foo",
        "lock:{foo}:queue, foo",
        "lock:{foo}{bar}, foo",
        "lock:{{foo}}, {foo",
        "äöü{foo}, foo",
        "lock:{}foo, lock:{}foo",
        "lock:{}{foo}, lock:{}{foo}",
        "lock:{foo, lock:{foo",
        "lock:}foo{, lock:}foo{"
    })
    void tagDecides(String key, String sameSlot) {
        assertThat(ClusterSlotHashUtil.calculateSlot(KeyLayout.bytes(key)))
                .isEqualTo(ClusterSlotHashUtil.calculateSlot(KeyLayout.bytes(sameSlot)));
    }
}
