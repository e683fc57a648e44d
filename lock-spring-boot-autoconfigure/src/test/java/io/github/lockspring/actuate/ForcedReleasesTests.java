package io.github.lockspring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockForcedEvent;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every forced release that may have happened leaves a trace. */
class ForcedReleasesTests {

    private static final LockName LOCK = LockName.of("order", "42");

    private static final LockHolder HOLDER = new LockHolder("owner", Duration.ofSeconds(20));

    private final LockEngine engine = mock();

    private final List<LockForcedEvent> told = new ArrayList<>();

    private final ForcedReleases releases = new ForcedReleases(true, this.told::add);

    private final LogCapture log = LogCapture.info(ForcedReleases.class);

    @AfterEach
    void endCapture() {
        this.log.close();
    }

    @Test
    void oneThatHasHappenedIsTold() {
        given(this.engine.forceRelease(LOCK, "owner")).willReturn(Optional.of(HOLDER));
        assertThat(release().released()).isTrue();
        assertThat(this.told).containsExactly(new LockForcedEvent(LOCK, HOLDER, true, "operator", "stuck"));
        assertThat(warnings()).singleElement().asString().contains("'order:42' was taken away from owner by operator");
    }

    @Test
    void oneThatMayHaveHappenedIsToldAsSuch() {
        LockStoreException failure = failure(Outcome.UNKNOWN);
        assertThatThrownBy(this::release).isSameAs(failure);
        assertThat(this.told).containsExactly(new LockForcedEvent(LOCK, HOLDER, false, "operator", "stuck"));
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("'order:42' may have been taken away from owner by operator: stuck");
    }

    @Test
    void oneThatHasNotHappenedIsNotTold() {
        LockStoreException failure = failure(Outcome.NOT_EXECUTED);
        assertThatThrownBy(this::release).isSameAs(failure);
        assertThat(this.told).isEmpty();
        assertThat(warnings()).isEmpty();
    }

    private LockStoreException failure(Outcome outcome) {
        LockStoreException failure = new LockStoreException(LOCK, "of the test", null, outcome);
        given(this.engine.forceRelease(LOCK, "owner")).willThrow(failure);
        return failure;
    }

    private ForcedReleaseDescriptor release() {
        return this.releases.release(
                new ObservedEngine(this.engine, LockSettings.DEFAULTS, true), LOCK, HOLDER, "operator", "stuck");
    }

    private List<String> warnings() {
        return this.log.said(Level.WARN);
    }
}
