package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockEngineStatus;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockSnapshot;
import io.github.lockspring.store.LockStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartableLockEngineTests {

    private static final LockName REPORT = LockName.of("report");

    private final List<LockEngine> made = new ArrayList<>();

    private final RestartableLockEngine engine = new RestartableLockEngine(mock(LockStore.class), this::make);

    private LockEngine make() {
        LockEngine each = mock();
        when(each.holder(REPORT)).thenReturn(Optional.empty());
        this.made.add(each);
        return each;
    }

    @Test
    void theFirstCallMakesAnEngine() {
        assertThat(this.made).isEmpty();
        this.engine.holder(REPORT);
        this.engine.holder(REPORT);
        this.engine.open();
        assertThat(this.made).hasSize(1);
    }

    @Test
    void theStartMakesAnEngine() {
        this.engine.open();
        this.engine.holder(REPORT);
        assertThat(this.made).hasSize(1);
    }

    @Test
    void aQuestionForItsStateMakesNone() {
        LockEngineStatus status = this.engine.status();
        assertThat(status.listening()).isFalse();
        assertThat(status.renewalsLateBy()).isZero();
        assertThat(status.store()).isEqualTo(this.engine.store().toString());
        assertThat(this.engine.snapshot()).isEqualTo(LockSnapshot.EMPTY);
        this.engine.skipped(new LockNotAcquiredException(REPORT, Duration.ZERO, null));
        assertThat(this.made).isEmpty();
    }

    @Test
    void refusesCallsWhenItWasClosedBeforeItWasUsed() {
        this.engine.close();
        assertThatExceptionOfType(LockShutdownException.class).isThrownBy(() -> this.engine.holder(REPORT));
        assertThat(this.made).isEmpty();
    }

    @Test
    void leavesRefusingToTheEngineThatWasClosed() {
        this.engine.open();
        this.engine.close();
        this.engine.holder(REPORT);
        verify(this.made.get(0)).close();
        verify(this.made.get(0)).holder(REPORT);
        assertThat(this.made).hasSize(1);
    }

    @Test
    void eachStartAfterAStopMakesAnotherEngine() {
        for (int start = 1; start <= 3; start++) {
            this.engine.open();
            this.engine.holder(REPORT);
            this.engine.close();
            assertThat(this.made).hasSize(start);
            verify(this.made.get(start - 1)).holder(REPORT);
            verify(this.made.get(start - 1)).close();
        }
    }
}
