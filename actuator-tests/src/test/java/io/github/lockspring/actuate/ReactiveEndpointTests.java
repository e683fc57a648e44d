package io.github.lockspring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.DocumentContext;
import io.github.lockspring.LockForcedEvent;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The endpoint and health in an application of WebFlux, whose threads must not be blocked for a store. */
class ReactiveEndpointTests {

    private static final String PATH = "/actuator/distributedlocks";

    @Test
    void tellsAndReleasesOneLock() throws Exception {
        try (ActuatorApplication application =
                        ActuatorApplication.startReactive("distributed-lock.forced-release.enabled=true");
                LockLease lease =
                        application.locks().acquire(LockOptions.named("file").key("a/b c,d"))) {
            assertThat(application.get(PATH).<Integer>read("$.heldCount")).isEqualTo(1);
            DocumentContext one = application.get(PATH + "/file/a/b%20c,d");
            assertThat(one.<Boolean>read("$.held")).isTrue();
            assertThat(application.get("/actuator/health").<String>read("$.components.distributedLock.status"))
                    .isEqualTo("UP");
            assertThat(application
                            .send("DELETE", PATH + "/file/a/b%20c,d", false)
                            .statusCode())
                    .isEqualTo(401);
            assertThat(lease.isHeld()).isTrue();
            assertThat(application
                            .send("DELETE", PATH + "/file/a/b%20c,d", true)
                            .body())
                    .contains("\"released\":true");
            assertThat(lease.isLost()).isTrue();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(application.events())
                            .anySatisfy(event -> assertThat(event)
                                    .isInstanceOfSatisfying(
                                            LockForcedEvent.class,
                                            forced -> assertThat(forced.principal())
                                                    .isEqualTo("operator"))));
        }
    }

    @Test
    void takesAnExactKey() throws Exception {
        try (ActuatorApplication application =
                        ActuatorApplication.startReactive("distributed-lock.forced-release.enabled=true");
                LockLease lease = application
                        .locks()
                        .acquire(LockOptions.named("job/nightly").key("a//b,c;d/"))) {
            String path = PATH + "/job/nightly?key=a%2F%2Fb%2Cc%3Bd%2F";
            assertThat(application.get(path).<Boolean>read("$.heldHere")).isTrue();
            assertThat(application.send("DELETE", path, true).body()).contains("\"released\":true");
            assertThat(lease.isLost()).isTrue();
        }
    }
}
