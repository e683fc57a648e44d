package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lockspring.LockSettings.PerName;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Options, defaults, overrides, and the ranges of their values. */
class LockSettingsTests {

    private static final Duration ONE = Duration.ofSeconds(1);

    private static final Duration TWO = Duration.ofSeconds(2);

    private static final Duration THREE = Duration.ofSeconds(3);

    @Test
    void defaultsFillInWhatIsNotSet() {
        LockRequest request =
                LockSettings.DEFAULTS.resolve(LockOptions.named("order").key(1));
        assertThat(request)
                .isEqualTo(new LockRequest(
                        LockName.of("order", 1), Duration.ofSeconds(5), Duration.ofSeconds(30), true, false, null));
    }

    @Test
    void optionsWinOverDefaultsAndOverridesOverOptions() {
        LockSettings settings = new LockSettings(
                ONE,
                ONE,
                true,
                Map.of("order", PerName.of(LockTimes.NONE.waitTime(THREE).renew(false))));
        LockOptions options =
                LockOptions.named("order").waitTime(TWO).leaseTime(TWO).renew(true);
        LockRequest request = settings.resolve(options);
        assertThat(request.waitTime()).isEqualTo(THREE);
        assertThat(request.leaseTime()).isEqualTo(TWO);
        assertThat(request.renew()).isFalse();
        assertThat(settings.resolve(LockOptions.named("other").waitTime(TWO)).waitTime())
                .isEqualTo(TWO);
    }

    @Test
    void keysAreMaskedWhereThatIsConfigured() {
        LockOptions options = LockOptions.named("order").key("alice");
        LockSettings masking = new LockSettings(ONE, ONE, true, Map.of()).maskKeys(true);
        assertThat(masking.resolve(options).name().toString())
                .isEqualTo(LockName.of("order", "alice").masked().toString());
        assertThat(masking.resolve(options).toString()).doesNotContain("alice");
        assertThat(masking.resolve(options).name().key()).isEqualTo("alice");
        assertThat(new LockSettings(ONE, ONE, true, Map.of()).resolve(options).name())
                .hasToString("order:alice");
        assertThat(LockSettings.DEFAULTS.maskKeys()).isFalse();
    }

    @Test
    void anOverrideIsForEveryKeyOfTheName() {
        LockSettings settings =
                new LockSettings(ONE, ONE, true, Map.of("order", PerName.of(LockTimes.NONE.leaseTime(THREE))));
        assertThat(settings.resolve(LockOptions.named("order").key("a", 1)).leaseTime())
                .isEqualTo(THREE);
    }

    @Test
    void overridesAreCopied() {
        Map<String, PerName> overrides = new HashMap<>();
        LockSettings settings = new LockSettings(ONE, ONE, true, overrides);
        overrides.put("order", PerName.of(LockTimes.NONE.waitTime(THREE)));
        assertThat(settings.resolve(LockOptions.named("order")).waitTime()).isEqualTo(ONE);
    }

    @Test
    void optionsDoNotChange() {
        LockOptions options = LockOptions.named("order");
        options.key(1);
        options.waitTime(TWO);
        options.fair(true);
        assertThat(options.lockName()).isEqualTo(LockName.of("order"));
        assertThat(options.waitTime()).isNull();
        assertThat(options.leaseTime()).isNull();
        assertThat(options.renew()).isNull();
        assertThat(options.within()).isNull();
        assertThat(options.fair()).isNull();
    }

    @Test
    void aKeyKeepsTheOtherOptions() {
        LockOptions options = LockOptions.named("order")
                .waitTime(ONE)
                .leaseTime(TWO)
                .renew(false)
                .fair(true)
                .key(7);
        assertThat(LockSettings.DEFAULTS.resolve(options))
                .isEqualTo(new LockRequest(LockName.of("order", 7), ONE, TWO, false, true, null));
    }

    @Test
    void optionsSwitchOnWhatADefaultSwitchesOff() {
        LockSettings settings =
                new LockSettings(ONE, ONE, false, Map.of("order", PerName.of(LockTimes.NONE.renew(false))));
        assertThat(settings.resolve(LockOptions.named("stock")).renew()).isFalse();
        assertThat(settings.resolve(LockOptions.named("stock").renew(true)).renew())
                .isTrue();
        assertThat(settings.resolve(LockOptions.named("order").renew(true)).renew())
                .as("a setting of the name wins")
                .isFalse();
    }

    @Test
    void optionsAreValues() {
        LockOptions options = LockOptions.named("order").key(7).waitTime(ONE).fair(true);
        assertThat(options)
                .isEqualTo(LockOptions.of(LockName.of("order", 7)).fair(true).waitTime(ONE))
                .hasSameHashCodeAs(
                        LockOptions.of(LockName.of("order", 7)).fair(true).waitTime(ONE))
                .hasToString("order:7 (wait time PT1S, fair)");
        StubLease lease = new StubLease();
        assertThat(List.of(
                        options.key(8),
                        options.waitForever(),
                        options.leaseTime(TWO),
                        options.renew(true),
                        options.renew(false),
                        options.fair(false),
                        options.within(lease)))
                .doesNotContain(options)
                .doesNotHaveDuplicates();
        assertThat(LockOptions.named("order")).hasToString("order");
        assertThat(LockOptions.named("order")
                        .waitForever()
                        .leaseTime(TWO)
                        .renew(false)
                        .fair(false))
                .hasToString("order (wait time forever, lease time PT2S, not renewed, not fair)");
    }

    @Test
    void nullIsRefusedWithTheCure() {
        LockOptions order = LockOptions.named("order");
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> LockOptions.named(null))
                .withMessageContaining("name of a lock is null")
                .withMessageContaining("static name");
        assertThatExceptionOfType(LockKeyException.class).isThrownBy(() -> LockOptions.of(null));
        assertThatExceptionOfType(LockKeyException.class).isThrownBy(() -> LockName.of(null, 1));
        assertThatExceptionOfType(LockKeyException.class).isThrownBy(() -> LockContext.current((String) null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> order.waitTime(null))
                .withMessageContaining("wait time is null")
                .withMessageContaining("omit it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> order.leaseTime(null))
                .withMessageContaining("lease time is null")
                .withMessageContaining("omit it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> order.within(null))
                .withMessageContaining("omit within()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LockSettings.DEFAULTS.resolve(null))
                .withMessageContaining("LockOptions.named(");
    }

    @Test
    void waitTimesAreNotNegative() {
        assertThatThrownBy(() -> LockOptions.named("order").waitTime(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-0.001S")
                .hasMessageContaining("waitForever()");
        assertThatThrownBy(() -> LockTimes.NONE.waitTime(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(LockOptions.named("order").waitForever().waitTime()).isEqualTo(LockDurations.FOREVER);
    }

    @Test
    void leaseTimesAreASecondToAYear() {
        assertThatThrownBy(() -> LockOptions.named("order").leaseTime(Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0.999S");
        assertThatThrownBy(() -> LockOptions.named("order").leaseTime(Duration.ofDays(366)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LockSettings(ONE, Duration.ZERO, true, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(LockOptions.named("order").leaseTime(Duration.ofDays(365)).leaseTime())
                .isEqualTo(Duration.ofDays(365));
    }
}
