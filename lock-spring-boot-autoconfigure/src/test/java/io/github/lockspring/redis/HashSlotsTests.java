package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashSlotsTests {

    @Test
    void checksumIsTheOneOfTheClusterSpecification() {
        assertThat(HashSlots.of("123456789")).isEqualTo(0x31C3 % HashSlots.COUNT);
    }

    @ParameterizedTest
    @CsvSource({"foo, 12182", "bar, 5061", "hello, 866", "'', 0"})
    void slotsAreThoseOfCluster(String key, int slot) {
        assertThat(HashSlots.of(key)).isEqualTo(slot);
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
        assertThat(HashSlots.of(key)).isEqualTo(HashSlots.of(sameSlot));
    }
}
