package io.github.lockspring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockEngineStatus;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockSnapshot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;

/** What a store has found out about its server. */
class StoreReportTests {

    private static final Map<String, String> DETAILS = Map.of("server", "Redis", "version", "7.2.4");

    @Test
    void healthIsUpAndShowsWhatWasFound() {
        LockHealth health = LockHealth.of(engines("the policy evicts. Set it", "the clock differs. Set it"));
        assertThat(health.up()).isTrue();
        assertThat(health.details())
                .containsEntry("server", DETAILS)
                .containsEntry("warning", "the policy evicts. Set it; the clock differs. Set it");
        assertThat(health.details().get("servers"))
                .asString()
                .contains("reporting", "7.2.4", "the policy evicts. Set it");
    }

    @Test
    void healthDoesNotWarnOfWhatIsRight() {
        assertThat(LockHealth.of(engines()).details())
                .containsEntry("server", DETAILS)
                .doesNotContainKey("warning");
    }

    @Test
    void endpointShowsEveryStore() {
        LocksDescriptor locks = LocksDescriptor.of(engines("the policy evicts. Set it"), false);
        List<String> problems = List.of("the policy evicts. Set it");
        assertThat(locks.stores())
                .containsExactly(
                        new LocksDescriptor.Store(null, "a store", "by message", DETAILS, problems),
                        new LocksDescriptor.Store("reporting", "a store", "by message", DETAILS, problems));
    }

    @Test
    void storeInMemoryHasNothingToFindOut() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start()) {
            Map<String, Object> store =
                    application.get("/actuator/distributedlocks").read("$.stores[0]");
            assertThat(store)
                    .containsEntry("store", "the memory of this process")
                    .containsEntry("grants", "by message")
                    .containsEntry("details", Map.of())
                    .containsEntry("problems", List.of());
            assertThat(application
                            .get("/actuator/health")
                            .<Map<String, Object>>read("$.components.distributedLock.details"))
                    .doesNotContainKey("server");
        }
    }

    private static Map<String, ObservedEngine> engines(String... problems) {
        LockEngine engine = mock();
        given(engine.status())
                .willReturn(new LockEngineStatus("a store", true, Duration.ZERO, DETAILS, List.of(problems), true));
        given(engine.snapshot()).willReturn(LockSnapshot.EMPTY);
        given(engine.holder(ArgumentMatchers.any())).willReturn(Optional.empty());
        Map<String, ObservedEngine> engines = new LinkedHashMap<>();
        engines.put(ObservedEngine.PRIMARY, new ObservedEngine(engine, LockSettings.DEFAULTS, true));
        engines.put("reporting", new ObservedEngine(engine, LockSettings.DEFAULTS, true));
        return engines;
    }
}
