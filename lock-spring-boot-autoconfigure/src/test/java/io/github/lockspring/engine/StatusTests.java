package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockStoreException.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What an engine says about how it is doing. */
class StatusTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void namesItsStoreAndWhetherItListens() {
        assertThat(this.fixture.engine.status().store()).isEqualTo(this.store.toString());
        assertThat(this.fixture.engine.status().listening()).isFalse();
        this.store.listening(true);
        assertThat(this.fixture.engine.status().listening()).isTrue();
        this.store.listening(false);
        assertThat(this.fixture.engine.status().listening()).isFalse();
    }

    @Test
    void noRenewalIsLateWithoutHoldsOrInTime() {
        assertThat(late()).isZero();
        LockLease lease = this.fixture.held();
        this.clock.advanceMillis(9_900);
        this.store.renew().renewed();
        this.clock.advanceMillis(5_000);
        assertThat(late()).isZero();
        lease.close();
    }

    @Test
    void aRenewalIsLateUntilOneSucceeds() {
        this.fixture.held();
        this.clock.advanceMillis(10_000);
        StoreCommand.Renew first = this.store.renew();
        this.clock.advanceMillis(1_500);
        assertThat(late()).isBetween(Duration.ofMillis(1_400), Duration.ofMillis(1_700));
        first.fail(Outcome.UNKNOWN);
        this.clock.advanceMillis(1_500);
        StoreCommand.Renew second = this.store.renew();
        assertThat(late()).isBetween(Duration.ofMillis(2_900), Duration.ofMillis(3_200));
        second.renewed();
        assertThat(late()).isZero();
    }

    @Test
    void aHoldThatIsNotRenewedHasNoLateRenewal() {
        this.fixture.held(Duration.ofSeconds(30), false);
        this.clock.advanceMillis(25_000);
        assertThat(late()).isZero();
    }

    private Duration late() {
        return this.fixture.engine.status().renewalsLateBy();
    }
}
