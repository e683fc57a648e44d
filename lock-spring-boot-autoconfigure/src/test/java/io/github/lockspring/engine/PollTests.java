package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a waiting request asks again by itself. */
class PollTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void theNextInLinePollsFourTimesASecondOrMore() {
        this.store.listening(true);
        assertThat(pauses(1, Duration.ofMinutes(1), 5)).allMatch(pause -> pause >= 187 && pause <= 250);
    }

    @Test
    void theOthersPollOnceInThePollInterval() {
        this.store.listening(true);
        assertThat(pauses(2, Duration.ofMinutes(1), 5)).allMatch(pause -> pause >= 750 && pause <= 1_000);
    }

    @Test
    void withoutMessagesPausesDouble() {
        List<Long> pauses = pauses(2, Duration.ofMinutes(1), 6);
        assertThat(pauses.get(0)).isBetween(18L, 25L);
        assertThat(pauses.get(1)).isBetween(37L, 50L);
        assertThat(pauses.get(2)).isBetween(75L, 100L);
        assertThat(pauses.get(3)).isBetween(150L, 200L);
        assertThat(pauses.subList(4, 6)).allMatch(pause -> pause >= 187 && pause <= 250);
    }

    @Test
    void aPollComesNoLaterThanTheEndOfTheHoldersLease() {
        this.store.listening(true);
        assertThat(pauses(7, Duration.ofMillis(40), 1)).allMatch(pause -> pause <= 40);
    }

    @Test
    void tellsTheStoreHowItWaits() {
        this.fixture.ask();
        StoreCommand.Acquire polling = this.store.acquire();
        assertThat(polling.request().listening()).isFalse();
        assertThat(polling.request().pollInterval()).isEqualTo(Duration.ofMillis(250));
        polling.contended();
        this.store.listening(true);
        this.clock.advanceMillis(30);
        StoreCommand.Acquire listening = this.store.acquire();
        assertThat(listening.request().listening()).isTrue();
        assertThat(listening.request().pollInterval()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whoIsPassedOverPollsUntilTheSubscriptionIsNew() {
        this.store.listening(true);
        this.fixture.ask();
        this.store.acquire().passedOver();
        this.clock.advanceMillis(25);
        StoreCommand.Acquire poll = this.store.acquire();
        assertThat(poll.request().listening()).isFalse();
        poll.contended();
        this.store.listening(true);
        this.clock.advanceMillis(30);
        assertThat(this.store.acquire().request().listening()).isTrue();
    }

    @Test
    void aNewSubscriptionHasEveryWaiterPollSpread() {
        this.store.listening(true);
        int waiters = 200;
        for (int i = 0; i < waiters; i++) {
            this.fixture.ask(EngineFixture.request("lock" + i, Duration.ofMinutes(1)));
            this.store.acquire().contended("other", Duration.ofSeconds(30), 5, 0);
        }
        this.store.listening(true);
        this.clock.tick();
        // one of six on average: what is due within 4 of the 25 ms goes out at once
        int first = polls();
        assertThat(first).isLessThan(waiters / 2);
        this.clock.advanceMillis(30);
        assertThat(first + polls()).isEqualTo(waiters);
    }

    @Test
    void aPollFindsAGrantThatNoMessageTold() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        this.store.acquire().contended();
        this.clock.advanceMillis(25);
        this.store.acquire().acquired(3);
        assertThat(asked).isCompleted();
        this.store.expectNothing();
    }

    @ParameterizedTest
    @CsvSource({"0, 250", "5, 1000"})
    void aLostGrantCostsItsReceiverOnePoll(int rank, long longestPause) {
        this.store.listening(true);
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended("other", Duration.ofSeconds(30), rank, 0);
        this.clock.advanceMillis(longestPause);
        StoreCommand.Acquire poll = this.store.acquire();
        assertThat(poll.owner()).as("the owner that was granted the lock").isEqualTo(question.owner());
        poll.acquired(3);
        assertThat(asked).isCompleted();
        this.store.expectNothing();
    }

    private int polls() {
        int count = 0;
        while (this.store.hasNext()) {
            this.store.acquire();
            count++;
        }
        return count;
    }

    private List<Long> pauses(int rank, Duration remaining, int count) {
        this.fixture.ask(Duration.ofMinutes(10));
        List<Long> pauses = new ArrayList<>();
        while (pauses.size() < count) {
            this.store.acquire().contended("other", remaining, rank, 0);
            long pause = 0;
            while (!this.store.hasNext()) {
                this.clock.advanceMillis(1);
                pause++;
            }
            pauses.add(pause);
        }
        return pauses;
    }
}
