package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How durations of locks are written, and what forever is. */
class LockDurationsTests {

    @ParameterizedTest
    @ValueSource(strings = {"forever", "FOREVER", " Forever "})
    void readsForever(String text) {
        assertThat(LockDurations.parse(text, Duration::parse)).isEqualTo(LockDurations.FOREVER);
    }

    @Test
    void leavesOtherTextsToTheReaderOfDurations() {
        assertThat(LockDurations.parse(" PT5S ", Duration::parse)).isEqualTo(Duration.ofSeconds(5));
        assertThatThrownBy(() -> LockDurations.parse("for ever", text -> {
                    throw new IllegalArgumentException(text);
                }))
                .hasMessage("for ever");
    }

    @Test
    void foreverCanBeCounted() {
        assertThat(LockDurations.FOREVER.toNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(LockDurations.FOREVER.toMillis())
                .isGreaterThan(Duration.ofDays(100_000).toMillis());
    }

    @Test
    void longerIsEndlessToo() {
        assertThat(LockDurations.isEndless(LockDurations.FOREVER)).isTrue();
        assertThat(LockDurations.isEndless(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
        assertThat(LockDurations.isEndless(LockOptions.MAX_LEASE_TIME)).isFalse();
    }
}
