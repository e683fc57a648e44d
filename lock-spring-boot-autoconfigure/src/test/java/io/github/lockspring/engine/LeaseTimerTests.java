package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.LockLease;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** When the timer looks at tenures, and in what order it sends what is due. */
final class LeaseTimerTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void goesOnWhenItsLastTenureEndsWhileItPlansTheNextLook() {
        EmptyFromTheSecondLookOn tenures = new EmptyFromTheSecondLookOn();
        LeaseTimer timer = new LeaseTimer(this.fixture.engine.context(), tenures);
        timer.run();

        this.clock.advanceMillis(400);
        timer.run();
        assertThat(this.clock.timers()).isEqualTo(1);

        this.clock.advanceMillis(400);
        assertThat(this.clock.timers()).isZero();
        timer.run();
        assertThat(this.clock.timers()).isEqualTo(1);
    }

    @Test
    void looksAtEveryLeaseAfterASuspensionEvenIfTheFirstLookFails() {
        EngineFixture other = new EngineFixture();
        other.held();
        other.clock.advanceMillis(400);
        FailingOnce tenures = new FailingOnce();
        tenures.putAll(other.engine.context().tenures());
        new LeaseTimer(this.fixture.engine.context(), tenures).run();

        this.clock.suspend(Duration.ofSeconds(5));
        other.clock.suspend(Duration.ofSeconds(5));
        other.engine.context().suspensions().follow();
        assertThatIllegalStateException().isThrownBy(() -> this.clock.advanceMillis(400));
        this.clock.advanceMillis(400);
        this.store.renew();
    }

    @Test
    void sendsRenewalsBeforePolls() {
        LockLease kept = this.fixture.held();
        this.store.listening(true);
        this.clock.advanceMillis(9_600);
        CompletableFuture<LockLease> waiting = this.fixture.ask(EngineFixture.request("other", Duration.ofMinutes(1)));
        this.store.acquire().contended("somebody", Duration.ofMillis(270), 5, 0);

        this.clock.advanceMillis(270);
        this.store.renew().renewed();
        this.store.acquire().acquired(2);
        assertThat(kept.isHeld()).isTrue();
        assertThat(waiting).isCompleted();
    }

    @Test
    void givesUpAReleaseThatNobodyAnswersHoweverLongTheLeaseIs() {
        LockLease lease = this.fixture.held();
        this.clock.advanceMillis(500);
        lease.close();
        this.store.free();

        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        this.store.leave();
    }

    @Test
    void givesUpAQuestionWhetherToGoOnThatNobodyAnswersHoweverLongTheLeaseIs() {
        LockLease lease = this.fixture.held();
        CompletableFuture<LockLease> waiting = this.fixture.ask();
        this.clock.advanceMillis(500);
        lease.close();
        this.store.keep();

        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        this.store.leave();
        this.store.acquire().acquired(2);
        assertThat(waiting).isCompleted();
    }

    @Test
    void givesUpAnExtensionForTheNextHoldThatNobodyAnswersHoweverLongTheLeaseIs() {
        EngineFixture patient = new EngineFixture(Duration.ofMinutes(1));
        LockLease lease = patient.held();
        CompletableFuture<LockLease> waiting = patient.ask(
                EngineFixture.lease(EngineFixture.request(Duration.ofMinutes(1)), Duration.ofSeconds(5), false));
        patient.clock.advanceMillis(500);
        lease.close();
        assertThat(patient.store.renew().lease()).isEqualTo(Duration.ofSeconds(5));

        patient.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        patient.store.free().freed();
        patient.store.acquire().acquired(2);
        assertThat(waiting).isCompleted();
    }

    /** The first look through it fails. */
    private static final class FailingOnce extends ConcurrentHashMap<String, Tenure> {

        private static final long serialVersionUID = 1;

        private boolean failed;

        @Override
        public Collection<Tenure> values() {
            if (!this.failed) {
                this.failed = true;
                throw new IllegalStateException("the first look");
            }
            return super.values();
        }
    }

    /** The last tenure ends between two looks at whether there are any. */
    private static final class EmptyFromTheSecondLookOn extends ConcurrentHashMap<String, Tenure> {

        private static final long serialVersionUID = 1;

        private int looks;

        @Override
        public boolean isEmpty() {
            return ++this.looks > 1;
        }
    }
}
