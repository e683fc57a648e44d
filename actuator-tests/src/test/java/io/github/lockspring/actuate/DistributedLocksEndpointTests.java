package io.github.lockspring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.jayway.jsonpath.DocumentContext;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockEngineStatus;
import io.github.lockspring.LockForcedEvent;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockLostEvent;
import io.github.lockspring.LockName;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockSnapshot;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The endpoint as an operator uses it: over the web, with a real server, and over JMX. */
@ExtendWith(OutputCaptureExtension.class)
class DistributedLocksEndpointTests {

    private static final String PATH = "/actuator/distributedlocks";

    private static final String FORCED = "distributed-lock.forced-release.enabled=true";

    private static final LockOptions ORDER = LockOptions.named("order").key("42");

    @Test
    void showsWhatIsHeldAndWhatWaits() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start()) {
            assertThat(application.get(PATH).<Integer>read("$.heldCount")).isZero();
            try (LockLease lease = application.locks().acquire(ORDER)) {
                CompletableFuture<LockLease> next =
                        application.locks().acquireAsync(ORDER).toCompletableFuture();

                DocumentContext body = application.get(PATH);
                assertThat(body.<Integer>read("$.heldCount")).isEqualTo(1);
                assertThat(body.<Integer>read("$.waitingCount")).isEqualTo(1);
                Map<String, Object> held = body.read("$.held[0]");
                assertThat(held)
                        .containsEntry("name", "order")
                        .containsEntry("key", "42")
                        .containsEntry("fencingToken", Long.toString(lease.fencingToken()))
                        .containsEntry("thread", Thread.currentThread().getName())
                        .doesNotContainKeys("stack", "server");
                assertThat((String) held.get("owner")).startsWith("application@");
                assertThat(Instant.parse((String) held.get("since"))).isBeforeOrEqualTo(Instant.now());
                assertThat(Duration.parse((String) held.get("heldFor"))).isPositive();
                assertThat(Duration.parse((String) held.get("leaseLeft"))).isPositive();
                assertThat(body.<String>read("$.waiting[0].name")).isEqualTo("order");
                assertThat(Duration.parse(body.read("$.waiting[0].waitedFor"))).isPositive();

                List<String> stack = application.get(PATH + "?stacks=true").read("$.held[0].stack");
                assertThat(stack).anyMatch(frame -> frame.contains("showsWhatIsHeldAndWhatWaits"));

                DocumentContext one = application.get(PATH + "/order/42");
                assertThat(one.<Integer>read("$.waitingHere.length()")).isEqualTo(1);
                lease.close();
                next.get(20, TimeUnit.SECONDS).close();
            }
            assertThat(application.get(PATH).<Integer>read("$.heldCount")).isZero();
        }
    }

    @Test
    void tellsTheHolderOfOneLock() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start()) {
            LockOperations locks = application.locks();
            assertThat(application.get(PATH + "/order/42").<Boolean>read("$.held"))
                    .isFalse();
            assertHeld(application, LockOptions.named("report"), "/report");
            assertHeld(application, LockOptions.named("file").key("a/b/c.txt"), "/file/a/b/c.txt");
            assertHeld(application, LockOptions.named("file").key("a b,c"), "/file/a%20b,c");
            assertHeld(application, LockOptions.named("file").key("eu", 42), "/file/eu:42");
            assertHeld(application, LockOptions.named("file").key("eu:42"), "/file/eu:42");
            try (LockLease one = locks.acquire(LockOptions.named("file").key("eu", 42));
                    LockLease other = locks.acquire(LockOptions.named("file").key("eu:42"))) {
                assertThat(one.fullName()).isNotEqualTo(other.fullName());
                assertThat(application.send("GET", PATH + "/file/eu:42", true).statusCode())
                        .isEqualTo(400);
            }
            assertThat(application
                            .send("GET", PATH + "/order/42?server=other", true)
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    /** Servers drop empty segments of a path, and more. */
    @Test
    void findsAndReleasesALockByItsExactKey() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start(FORCED)) {
            assertHeld(application, LockOptions.named("job/nightly"), "/job/nightly?key=");
            assertHeld(application, LockOptions.named("job/nightly").key("42"), "/job/nightly?key=42");
            for (String key : List.of("dir/", "a//b", "a;b", "https://example.org/?a=b,c&d=%2F", "eu:42", "a/../b")) {
                LockOptions options = LockOptions.named("file").key(key);
                String path = "/file?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
                assertHeld(application, options, path);
                try (LockLease lease = application.locks().acquire(options)) {
                    assertThat(application.send("DELETE", PATH + path, true).body())
                            .contains("\"released\":true");
                    assertThat(lease.isLost()).as(key).isTrue();
                }
            }
        }
    }

    private static void assertHeld(ActuatorApplication application, LockOptions options, String path) throws Exception {
        try (LockLease lease = application.locks().acquire(options)) {
            DocumentContext body = application.get(PATH + path);
            assertThat(body.<Boolean>read("$.held")).as(path).isTrue();
            assertThat(body.<Boolean>read("$.heldHere")).isTrue();
            assertThat(body.<String>read("$.owner")).isEqualTo(owner(application, options));
            assertThat(body.<String>read("$.name")).isEqualTo(lease.name());
        }
    }

    private static String owner(ActuatorApplication application, LockOptions options) {
        return application.locks().holder(options).map(LockHolder::owner).orElseThrow();
    }

    @Test
    void masksKeysAndFindsMaskedOnes() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start("distributed-lock.mask-keys=true");
                LockLease lease =
                        application.locks().acquire(LockOptions.named("order").key("alice@example.org"))) {
            String key = application.get(PATH).read("$.held[0].key");
            assertThat(lease.isHeld()).isTrue();
            assertThat(key).startsWith("#");
            for (String path : List.of("/order/%23" + key.substring(1), "/order/alice@example.org")) {
                DocumentContext body = application.get(PATH + path);
                assertThat(body.<Boolean>read("$.held")).isTrue();
                assertThat(body.<String>read("$.key")).isEqualTo(key);
            }
        }
    }

    @Test
    void masksAKeyThatIsAskedForInErrors() {
        LockSettings masking = LockSettings.DEFAULTS.maskKeys(true);
        List<LockName> asked = new ArrayList<>();
        ObservedEngine engine = new ObservedEngine(
                (LockEngine) Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {LockEngine.class}, (proxy, method, arguments) -> {
                            if (method.getName().equals("holder")) {
                                asked.add((LockName) arguments[0]);
                            }
                            return method.getName().equals("snapshot") ? LockSnapshot.EMPTY : Optional.empty();
                        }),
                masking,
                false);
        Map<String, ObservedEngine> engines = Map.of(ObservedEngine.PRIMARY, engine);

        new DistributedLocksEndpoint(engines, new ForcedReleases(false, event -> {})).lock("order/a:b", null, null);

        assertThat(asked).hasSize(2).extracting(LockName::toString).allMatch(text -> text.startsWith("order:#"));
    }

    @Test
    void countsMoreThanItShows() {
        LockSnapshot.Waiting call = new LockSnapshot.Waiting(LockName.of("order"), Duration.ZERO, null);
        LockEngine engine = (LockEngine) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {LockEngine.class},
                (proxy, method, arguments) -> method.getName().equals("snapshot")
                        ? new LockSnapshot(List.of(), Collections.nCopies(1_500, call))
                        : new LockEngineStatus("nowhere", true, Duration.ZERO, Map.of(), List.of(), true));
        LocksDescriptor locks = LocksDescriptor.of(
                Map.of(
                        "a",
                        new ObservedEngine(engine, LockSettings.DEFAULTS, false),
                        "b",
                        new ObservedEngine(engine, LockSettings.DEFAULTS, false)),
                false);

        assertThat(locks.waitingCount()).isEqualTo(3_000);
        assertThat(locks.waiting()).hasSize(1_000);
        assertThat(locks.stores()).hasSize(2);
    }

    @Test
    void showsTheLocksOfAllServers() throws Exception {
        try (ActuatorApplication application =
                        ActuatorApplication.start("distributed-lock.servers.reporting.command-timeout=3s");
                LockLease lease = application
                        .context()
                        .getBean("reportingLockTemplate", LockOperations.class)
                        .acquire(ORDER)) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(application.get(PATH).<String>read("$.held[0].server")).isEqualTo("reporting");
            assertThat(application.get(PATH + "/order/42").<Boolean>read("$.held"))
                    .isFalse();
            assertThat(application.get(PATH + "/order/42?server=reporting").<Boolean>read("$.held"))
                    .isTrue();
        }
    }

    @Test
    void releasesNothingByForceUnlessThatIsEnabled() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start();
                LockLease lease = application.locks().acquire(ORDER)) {
            HttpResponse<String> response = application.send("DELETE", PATH + "/order/42", true);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void isSecuredAsEndpointsAre() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start(FORCED);
                LockLease lease = application.locks().acquire(ORDER)) {
            assertThat(application.send("GET", PATH, false).statusCode()).isEqualTo(401);
            assertThat(application.send("DELETE", PATH + "/order/42", false).statusCode())
                    .isEqualTo(401);
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void takesALockAwayAndSaysSo(CapturedOutput output) throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start(FORCED);
                LockLease lease = application.locks().acquire(ORDER)) {
            CompletableFuture<LockLease> next =
                    application.locks().acquireAsync(ORDER).toCompletableFuture();
            String owner = owner(application, ORDER);

            HttpResponse<String> other = application.send("DELETE", PATH + "/order/42?owner=other", true);
            assertThat(other.statusCode()).isEqualTo(200);
            assertThat(other.body()).contains("\"released\":false");
            assertThat(lease.isHeld()).isTrue();

            HttpResponse<String> response =
                    application.send("DELETE", PATH + "/order/42?owner=" + owner + "&reason=stuck%0Aforged", true);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("\"released\":true", "may still be inside");
            assertThat(lease.isLost()).isTrue();
            try (LockLease taken = next.get(20, TimeUnit.SECONDS)) {
                assertThat(taken.fencingToken()).isGreaterThan(lease.fencingToken());
            }
            assertThat(output).contains("Lock 'order:42' was taken away from " + owner + " by operator: stuck forged.");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(application.events())
                            .anySatisfy(event -> assertThat(event)
                                    .isInstanceOfSatisfying(LockForcedEvent.class, forced -> {
                                        assertThat(forced.principal()).isEqualTo("operator");
                                        assertThat(forced.holder().owner()).isEqualTo(owner);
                                        assertThat(forced.name()).isEqualTo("order");
                                        assertThat(forced.key()).isEqualTo("42");
                                        assertThat(forced.reason()).isEqualTo("stuck forged");
                                    }))
                            .hasAtLeastOneElementOfType(LockLostEvent.class));
            assertThat(application.send("DELETE", PATH + "/order/43", true).body())
                    .contains("\"released\":false");
        }
    }

    @Test
    void worksOverJmx() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("org.springframework.boot:type=Endpoint,name=Distributedlocks");
        LockOptions options = LockOptions.named("file").key("a/b,c");
        try (ActuatorApplication application = ActuatorApplication.start(
                        FORCED, "spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=*");
                LockLease lease = application.locks().acquire(options)) {
            Object all = server.invoke(name, "locks", new Object[] {null}, new String[] {"java.lang.Boolean"});
            assertThat(all).asString().contains("heldCount=1", "a/b,c");
            Object one = server.invoke(name, "lock", new Object[] {"file/a/b,c", null, null}, texts(3));
            assertThat(one).asString().contains("held=true", owner(application, options));
            Object released =
                    server.invoke(name, "releaseLock", new Object[] {"file", "a/b,c", null, null, "stuck"}, texts(5));
            assertThat(released).asString().contains("released=true");
            assertThat(lease.isLost()).isTrue();
        }
    }

    /** As Spring does it around a checkpoint: the server is stopped, and endpoints are beans that can still be asked. */
    @Test
    void showsTheLocksOfAContextThatIsStartedAgain() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start()) {
            LockLease before = application.locks().acquire(ORDER);
            DistributedLocksEndpoint endpoint = application.bean(DistributedLocksEndpoint.class);

            application.context().stop();
            assertThat(endpoint.locks(false).heldCount()).isZero();
            assertThatExceptionOfType(LockShutdownException.class)
                    .isThrownBy(() -> endpoint.lock(new String[] {"order", "42"}, null, null));
            application.context().start();

            LockOptions other = LockOptions.named("order").key("43");
            try (LockLease lease = application.locks().acquire(other)) {
                assertThat(lease.isHeld()).isTrue();
                DocumentContext body = application.get(PATH);
                assertThat(body.<List<String>>read("$.held[*].key")).containsExactly("43");
                assertThat(application
                                .get("/actuator/health")
                                .<String>read("$.components.distributedLock.details.state"))
                        .isEqualTo("answers");
            }
            before.close();
        }
    }

    /** What a console lets an operator enter. */
    private static String[] texts(int count) {
        String[] types = new String[count];
        Arrays.fill(types, "java.lang.String");
        return types;
    }
}
