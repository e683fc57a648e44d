package io.github.lockspring.samples.flashsale.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockSnapshot;
import io.github.lockspring.samples.support.ProcessEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockReporterTests {

    private static final LockName BOOK = LockName.of("stock", "book");

    private static final LockName PEN = LockName.of("stock", "pen");

    private final LockEngine engine = mock();

    private final LockCounts counts = new LockCounts();

    private final List<ProcessEvent> events = new ArrayList<>();

    private final LockReporter reporter = new LockReporter(this.engine, this.counts, 2, this.events::add);

    @BeforeEach
    void holdNothing() {
        given(this.engine.snapshot()).willReturn(LockSnapshot.EMPTY);
    }

    @AfterEach
    void stop() {
        this.reporter.close();
    }

    @Test
    void countsHoldsHandOffsAndHandOversOfEachLock() {
        begin(BOOK).acquired(7, false);
        begin(BOOK).acquired(Long.MAX_VALUE, true);
        this.counts.handedOver(BOOK);
        LockSnapshot.Held held = new LockSnapshot.Held(
                BOOK, "owner", Long.MAX_VALUE, Duration.ZERO, Duration.ofSeconds(30), Thread.currentThread());
        given(this.engine.snapshot()).willReturn(new LockSnapshot(List.of(held), List.of()));
        this.reporter.report();
        assertThat(reports())
                .containsExactly(new LockReport(
                        BOOK.fullName(),
                        2,
                        1,
                        1,
                        0,
                        Long.MAX_VALUE,
                        Thread.currentThread().getName(),
                        true));
        assertThat(this.events.get(0).number()).isEqualTo(2);
    }

    @Test
    void saysHowManyCallersWaitForTheLock() {
        begin(BOOK);
        LockSnapshot.Waiting waiting = new LockSnapshot.Waiting(BOOK, Duration.ofMillis(3), null);
        LockSnapshot.Waiting other = new LockSnapshot.Waiting(PEN, Duration.ofMillis(3), null);
        given(this.engine.snapshot()).willReturn(new LockSnapshot(List.of(), List.of(waiting, waiting, other)));
        this.reporter.report();
        assertThat(reports()).containsExactly(new LockReport(BOOK.fullName(), 0, 0, 0, 2, 0, "", false));
    }

    @Test
    void reportsNewsOnly() {
        begin(BOOK);
        begin(PEN);
        this.reporter.report();
        this.reporter.report();
        assertThat(this.events).hasSize(2);
        begin(PEN).acquired(1, false);
        this.reporter.report();
        assertThat(reports()).hasSize(3).last().matches(report -> report.isOf(PEN));
    }

    private LockMonitor.Call begin(LockName name) {
        return this.counts.begin(
                new LockRequest(name, Duration.ofSeconds(5), Duration.ofSeconds(30), true, false, null));
    }

    private List<LockReport> reports() {
        return this.events.stream().map(LockReport::parse).toList();
    }
}
