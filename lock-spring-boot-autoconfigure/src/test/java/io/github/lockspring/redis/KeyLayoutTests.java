package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.lockspring.LockName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;

class KeyLayoutTests {

    private final KeyLayout layout = new KeyLayout("lock:");

    @Test
    void keysOfALock() {
        assertThat(texts(this.layout.allKeys("order:42")))
                .startsWith("lock:{order:42}", "lock:{order:42}:queue", "lock:{order:42}:seen")
                .hasSize(4)
                .last()
                .asString()
                .matches("lock:fence:\\{[0-9a-z]{1,4}}");
        assertThat(texts(this.layout.lockKey("order:42"))).containsExactly("lock:{order:42}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "{", "}", "{}", "}{", "{a}", "a{b", "x\n", "\r\nx", "🔒", "ä", "%7B", "a:b", " x "})
    void keysOfALockShareASlot(String hostile) {
        assertShareASlot(this.layout, LockName.of(hostile, hostile));
        assertShareASlot(new KeyLayout("{shop}:lock:"), LockName.of(hostile, hostile));
        assertShareASlot(new KeyLayout(""), LockName.of(hostile, hostile));
        assertShareASlot(new KeyLayout("a}:"), LockName.of(hostile, hostile));
    }

    @Test
    void keysOfALongNameShareASlot() {
        assertShareASlot(this.layout, LockName.of("order", "{".repeat(10_000)));
    }

    @Test
    void fullNameIsFoundInTheKey() {
        String fullName = LockName.of("a b", "{c}", "d}").fullName();
        String key = texts(this.layout.lockKey(fullName)).get(0);
        assertThat(this.layout.isLockKey(key)).isTrue();
        assertThat(this.layout.fullNameOf(key)).isEqualTo(fullName);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lock:", "lock:{}", "lock:{a}:queue", "lock:grants:a", "other:{a}", "lock:{a"})
    void otherKeysAreNoLocks(String key) {
        assertThat(this.layout.isLockKey(key)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a{b", "a}b"})
    void fullNamesThatWouldSplitASlotAreRefused(String fullName) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> this.layout.lockKey(fullName))
                .withMessageContaining("'" + fullName + "'")
                .withMessageContaining("LockName");
    }

    @Test
    void valueNamesTheOwner() {
        assertThat(new String(this.layout.value("app@host:1:r:2"), StandardCharsets.UTF_8))
                .isEqualTo("1:app@host:1:r:2");
        assertThat(this.layout.ownerOf("1:app@host:1:r:2")).isEqualTo("app@host:1:r:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "2:app@host:1:r:2", ""})
    void unknownValueSpeaksForItself(String value) {
        assertThat(this.layout.ownerOf(value)).isEqualTo(value);
    }

    @Test
    void channelsAreUnderThePrefix() {
        assertThat(texts(this.layout.channel("app@host:1:r"), this.layout.channelPrefix()))
                .containsExactly("lock:grants:app@host:1:r", "lock:grants:");
    }

    private static void assertShareASlot(KeyLayout layout, LockName name) {
        assertThat(Arrays.stream(layout.allKeys(name.fullName()))
                        .map(ClusterSlotHashUtil::calculateSlot)
                        .distinct())
                .as("slots of %s", texts(layout.allKeys(name.fullName())))
                .hasSize(1);
    }

    private static List<String> texts(byte[]... keys) {
        return Arrays.stream(keys)
                .map(key -> new String(key, StandardCharsets.UTF_8))
                .toList();
    }
}
