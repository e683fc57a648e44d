package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.TenureId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is sent to the store for owners that are to leave it, how often, and how many at a time. */
class PendingLeavesTests {

    private static final int MOST_UNDER_WAY = 100;

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    private final PendingLeaves leaves = this.fixture.engine.tenures.leaves();

    @Test
    void fewAreUnderWayAtATime() {
        leave(250);
        List<StoreCommand.Leave> first = sent();
        assertThat(first).hasSize(MOST_UNDER_WAY);
        this.clock.advanceMillis(1_000);
        this.store.expectNothing();

        first.forEach(StoreCommand.Leave::done);
        this.clock.advanceMillis(200);
        List<StoreCommand.Leave> second = sent();
        assertThat(second).hasSize(MOST_UNDER_WAY);
        second.forEach(StoreCommand.Leave::done);
        this.clock.advanceMillis(200);
        List<StoreCommand.Leave> third = sent();
        third.forEach(StoreCommand.Leave::done);

        List<StoreCommand.Leave> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        assertThat(all).hasSize(250);
        Set<String> owners = all.stream().map(StoreCommand.Leave::owner).collect(Collectors.toSet());
        assertThat(owners).hasSize(250);
        this.fixture.expectNoTraceEver();
    }

    @Test
    void noneIsSentASecondTimeWhileTheStoreHasTheFirst() {
        leave(1);
        StoreCommand.Leave only = this.store.leave();
        leave(1);
        this.clock.advance(Duration.ofMinutes(5));
        this.store.expectNothing();
        only.fail(Outcome.UNKNOWN);
        this.clock.advanceMillis(200);
        this.store.leave().done();
    }

    @Test
    void thoseThatTheStoreDoesNotAnswerDoNotKeepOthersWaiting() {
        leave(MOST_UNDER_WAY);
        assertThat(sent()).hasSize(MOST_UNDER_WAY);
        this.leaves.add(TenureId.exclusive("lock", "other"), false).send();
        this.store.expectNothing();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT.plusSeconds(1));
        assertThat(sent()).extracting(StoreCommand.Leave::owner).containsExactly("other");
    }

    @Test
    void pausesBetweenAttemptsGrow() {
        leave(1);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            this.store.leave().fail(Outcome.NOT_EXECUTED);
            long pause = 0;
            while (!this.store.hasNext()) {
                this.clock.advanceMillis(10);
                pause += 10;
            }
            pauses.add(pause);
        }
        assertThat(pauses.get(0)).isBetween(90L, 120L);
        assertThat(pauses.get(7)).isBetween(3_100L, 3_300L);
    }

    @Test
    void aNewConnectionIsToldAgainForAWhile() {
        this.leaves.add(TenureId.exclusive("lock", "owner"), true).send();
        this.store.leave().done();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        this.store.leave().done();
        this.clock.advanceMillis(10_000);
        this.store.expectNothing();

        this.leaves.reconnected();
        this.clock.advanceMillis(10);
        StoreCommand.Leave again = this.store.leave();
        assertThat(again.owner()).isEqualTo("owner");
        again.done();
        this.clock.advance(Duration.ofMinutes(1));
        this.leaves.reconnected();
        this.clock.advanceMillis(10);
        this.store.expectNothing();
    }

    @Test
    void whatHasSurelyLeftIsForgottenAtOnce() {
        leave(1);
        this.store.leave().done();
        this.leaves.reconnected();
        this.clock.advanceMillis(10);
        this.fixture.expectNoTraceEver();
    }

    @Test
    void aRefusalIsFinal() {
        leave(1);
        this.store.leave().fail(Outcome.REFUSED);
        this.fixture.expectNoTraceEver();
    }

    private void leave(int count) {
        for (int i = 0; i < count; i++) {
            this.leaves.add(TenureId.exclusive("lock", "owner" + i), false).send();
        }
    }

    private List<StoreCommand.Leave> sent() {
        List<StoreCommand.Leave> sent = new ArrayList<>();
        while (this.store.hasNext()) {
            sent.add(this.store.leave());
        }
        return sent;
    }

    @Test
    void thoseThatAreForgottenOrReplacedKeepNoPlaceOfOthers() {
        for (int i = 0; i < MOST_UNDER_WAY; i++) {
            this.leaves.add(TenureId.exclusive("lock", "owner" + i), true).send();
            this.store.leave().done();
        }
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        assertThat(sent()).as("second ones, which nobody answers").hasSize(MOST_UNDER_WAY);
        leave(MOST_UNDER_WAY);
        this.clock.advance(Duration.ofMinutes(5));
        this.leaves.add(TenureId.exclusive("lock", "other"), false).send();
        this.clock.advance(Duration.ofSeconds(10));
        assertThat(sent()).extracting(StoreCommand.Leave::owner).contains("other");
    }

    @Test
    void theSecondOneOutlastsAnOutage() {
        this.leaves.add(TenureId.exclusive("lock", "owner"), true).send();
        this.store.leave().done();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        for (int i = 0; i < 600; i++) {
            sent().forEach(leave -> leave.fail(Outcome.NOT_EXECUTED));
            this.clock.advanceMillis(100);
        }
        this.leaves.reconnected();
        this.clock.advanceMillis(10);
        assertThat(sent()).isNotEmpty();
    }

    @Test
    void whatWasUnderWayOverAnOldConnectionIsSentAgainOnceItIsOverdue() {
        leave(1);
        this.store.leave();
        this.leaves.reconnected();
        this.clock.advanceMillis(100);
        this.store.expectNothing();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        this.store.leave().done();
    }

    @Test
    void aLateAnswerToAnEarlierOneSaysNothingOfTheOneUnderWay() {
        leave(1);
        StoreCommand.Leave lost = this.store.leave();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT.plusSeconds(1));
        this.leaves.reconnected();
        this.clock.advanceMillis(10);
        this.store.leave().done();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        StoreCommand.Leave second = this.store.leave();
        lost.fail(Outcome.UNKNOWN);
        this.clock.advanceMillis(500);
        this.store.expectNothing();
        second.done();
        this.clock.advanceMillis(500);
        this.store.expectNothing();
    }

    @Test
    void aFailingSecondOneIsSentNoMoreOftenOnceItsTimeIsOver() {
        this.leaves.add(TenureId.exclusive("lock", "owner"), true).send();
        this.store.leave().done();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        int attempts = 0;
        for (int i = 0; i < 600; i++) {
            List<StoreCommand.Leave> sent = sent();
            attempts += sent.size();
            sent.forEach(leave -> leave.fail(Outcome.NOT_EXECUTED));
            this.clock.advanceMillis(100);
        }
        assertThat(attempts).isBetween(15, 30);
        assertThat(this.clock.scheduled()).isLessThan(2_000);
    }

    @Test
    void aGrantThatComesLateDoesNotCancelTheSecondLeave() {
        String owner = this.fixture.engine.context.owners.next();
        this.leaves.add(TenureId.exclusive("lock", owner), true).send();
        this.store.leave().done();
        this.clock.advanceMillis(500);
        this.store.grantTo(owner, 5, Duration.ofSeconds(2));
        this.store.leave().done();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        this.store.leave().done();
    }
}
