package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisLockStoreSettingsTests {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void defaults() {
        assertThat(RedisLockStoreSettings.DEFAULTS)
                .isEqualTo(new RedisLockStoreSettings(
                        "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, Duration.ofSeconds(2), true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}", "a{b", "{}{a}", "a{}"})
    void prefixThatSplitsSlotsIsRefused(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withPrefix(prefix))
                .withMessageContaining("Key prefix '" + prefix + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lock:", "{shop}:lock:", "a}", "a{b}c"})
    void prefixMayHaveOneTag(String prefix) {
        assertThatCode(() -> withPrefix(prefix)).doesNotThrowAnyException();
    }

    @Test
    void durationsArePositive() {
        assertRefused(Duration.ZERO, SECOND, SECOND, "Grant lease PT0S");
        assertRefused(SECOND, Duration.ofMillis(-5), SECOND, "Poll interval PT-0.005S");
        assertRefused(SECOND, SECOND, Duration.ofNanos(1), "Command time-out PT0.000000001S");
    }

    @Test
    void durationsAreWithinAYear() {
        assertRefused(SECOND, SECOND, Duration.ofDays(400_000), "Command time-out PT9600000H is too long");
    }

    @Test
    void pollsFindAGrantBeforeItExpires() {
        assertRefused(SECOND, SECOND.plusMillis(1), SECOND, "Poll interval PT1.001S is longer than grant lease PT1S");
        assertThatCode(() -> new RedisLockStoreSettings("lock:", SECOND, SECOND, true, SECOND, true))
                .doesNotThrowAnyException();
    }

    private static void assertRefused(Duration grantLease, Duration pollInterval, Duration timeout, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisLockStoreSettings("lock:", grantLease, pollInterval, true, timeout, true))
                .withMessageContaining(message);
    }

    private static RedisLockStoreSettings withPrefix(String prefix) {
        return new RedisLockStoreSettings(prefix, SECOND, SECOND, true, SECOND, true);
    }
}
