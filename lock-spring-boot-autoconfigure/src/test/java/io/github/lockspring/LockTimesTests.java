package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lockspring.LockSettings.PerName;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** For how long a lock is held: what may be asked for, and which setting wins. */
class LockTimesTests {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void holdsAreUnlimitedByDefault() {
        LockRequest request = LockSettings.DEFAULTS.resolve(LockOptions.named("order"));
        assertThat(request.holdAtLeast()).isZero();
        assertThat(request.maxHoldTime()).isEqualTo(LockDurations.FOREVER);
        assertThat(request.timeToLive()).isEqualTo(request.leaseTime());
        assertThat(request.onLost()).isEqualTo(OnLost.THROW);
        assertThat(request.inTransaction()).isEqualTo(InTransaction.DEFER);
        assertThat(request.reentrant()).isTrue();
    }

    @Test
    void settingsOfANameWinOverOptionsWhichWinOverDefaults() {
        PerName ofOrder =
                PerName.of(LockTimes.NONE.maxHoldTime(HOUR)).onLost(OnLost.LOG).inTransaction(InTransaction.FAIL);
        PerName defaults = PerName.of(LockTimes.NONE.maxHoldTime(MINUTE)).onLost(OnLost.INTERRUPT);
        LockSettings settings = new LockSettings(defaults, Map.of("order", ofOrder), false);
        LockOptions asked =
                LockOptions.named("order").maxHoldTime(LockDurations.FOREVER).holdAtLeast(TEN_SECONDS);

        LockRequest order = settings.resolve(asked);
        assertThat(order.maxHoldTime()).isEqualTo(HOUR);
        assertThat(order.holdAtLeast()).isEqualTo(TEN_SECONDS);
        assertThat(order.onLost()).isEqualTo(OnLost.LOG);
        assertThat(order.inTransaction()).isEqualTo(InTransaction.FAIL);

        LockRequest stock = settings.resolve(LockOptions.named("stock"));
        assertThat(stock.maxHoldTime()).isEqualTo(MINUTE);
        assertThat(stock.onLost()).isEqualTo(OnLost.INTERRUPT);
        assertThat(stock.inTransaction()).isEqualTo(InTransaction.DEFER);
        assertThat(settings.times(asked).leaseTime()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theStoreKeepsTheLockForTheLongerOfLeaseTimeAndTimeToHoldAtLeast() {
        LockOptions order = LockOptions.named("order").leaseTime(TEN_SECONDS);
        assertThat(LockSettings.DEFAULTS.resolve(order.holdAtLeast(MINUTE)).timeToLive())
                .isEqualTo(MINUTE);
        assertThat(LockSettings.DEFAULTS
                        .resolve(order.holdAtLeast(Duration.ofSeconds(1)))
                        .timeToLive())
                .isEqualTo(TEN_SECONDS);
    }

    @Test
    void aMaximumThatIsTooShortIsRefused() {
        LockOptions tenSeconds = LockOptions.named("order").maxHoldTime(TEN_SECONDS);
        assertThatThrownBy(() -> LockSettings.DEFAULTS.resolve(tenSeconds))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Lock 'order': the maximum hold time PT10S is shorter than the lease time PT30S");
        assertThatThrownBy(() -> LockSettings.DEFAULTS.resolve(
                        tenSeconds.leaseTime(TEN_SECONDS).holdAtLeast(MINUTE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Lock 'order': the maximum hold time PT10S is shorter than the time to hold at least PT1M");
        assertThat(LockTimes.NONE.maxHoldTime(TEN_SECONDS).contradiction()).isNull();
        assertThat(LockTimes.NONE.holdAtLeast(MINUTE).leaseTime(HOUR).contradiction())
                .isNull();
    }

    @Test
    void durationsOutOfRangeAreRefused() {
        LockOptions order = LockOptions.named("order");
        assertThatThrownBy(() -> order.holdAtLeast(Duration.ofMillis(-1))).hasMessageContaining("is negative");
        assertThatThrownBy(() -> order.holdAtLeast(Duration.ofDays(366))).hasMessageContaining("PT8760H");
        assertThatThrownBy(() -> order.holdAtLeast(null)).hasMessageContaining("is null");
        assertThatThrownBy(() -> order.maxHoldTime(Duration.ofMillis(999))).hasMessageContaining("PT0.999S");
        assertThatThrownBy(() -> order.maxHoldTime(null)).hasMessageContaining("is null");
    }

    @Test
    void optionsSayWhatIsSet() {
        LockOptions options = LockOptions.named("order")
                .holdAtLeast(TEN_SECONDS)
                .maxHoldTime(MINUTE)
                .reentrant(false);
        assertThat(options).hasToString("order (held for at least PT10S, held for at most PT1M, not reentrant)");
        assertThat(options)
                .isEqualTo(LockOptions.named("order")
                        .reentrant(false)
                        .maxHoldTime(MINUTE)
                        .holdAtLeast(TEN_SECONDS))
                .isNotEqualTo(options.reentrant(true));
        assertThat(options.key(7).holdAtLeast()).isEqualTo(TEN_SECONDS);
        assertThat(options.key(7).maxHoldTime()).isEqualTo(MINUTE);
        assertThat(options.key(7).reentrant()).isFalse();
    }
}
