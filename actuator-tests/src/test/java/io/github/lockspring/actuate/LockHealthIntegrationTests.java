package io.github.lockspring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The health of locks in a Redis that stops, hangs, or refuses a part of what is asked of it. */
class LockHealthIntegrationTests {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);

    private static final int PROBES = 8;

    private static final Duration HANGING = Duration.ofSeconds(10);

    private static final String POLLING = "there is no subscription: callers that wait for a lock poll";

    private RedisProcess redis;

    @BeforeEach
    void startRedis() {
        this.redis = RedisProcess.started();
    }

    @AfterEach
    void stopRedis() {
        this.redis.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lettuce", "jedis"})
    void isDownWhileRedisIsStoppedAndUpAfterItsReturn(String driver) throws Exception {
        try (ActuatorApplication application = start("spring.data.redis.client-type=" + driver)) {
            awaitSound(application);

            this.redis.stop();
            Health down = health(application);
            assertThat(down.status()).as(down.toString()).isEqualTo("DOWN");
            assertThat(down.details()).containsEntry("state", "does not answer").containsKey("error");
            assertThat(down.details().get("store")).asString().contains("127.0.0.1:" + this.redis.port());

            this.redis.start();
            awaitSound(application);
        }
    }

    @Test
    void warnsWhileRedisPermitsNoSubscription() throws Exception {
        try (RespClient inside = this.redis.client()) {
            inside.command("ACL", "SETUSER", "mute", "on", ">secret", "~*", "&*", "+@all", "-subscribe", "-psubscribe");
            try (ActuatorApplication application =
                    start("spring.data.redis.username=mute", "spring.data.redis.password=secret")) {
                await().untilAsserted(() -> assertThat(health(application).details())
                        .containsEntry("state", "answers")
                        .containsEntry("grants", "by polling")
                        .containsEntry("warning", POLLING));
                assertThat(health(application).status()).isEqualTo("UP");
            }
        }
    }

    @Test
    void doesNotWarnOfPollingThatIsMeant() throws Exception {
        try (ActuatorApplication application = start("distributed-lock.redis.subscribe=false")) {
            await().until(() -> health(application).status().equals("UP"));
            assertThat(health(application).details())
                    .containsEntry("grants", "by polling")
                    .doesNotContainKey("warning");
        }
    }

    /** As when a fail-over has left too few replicas. */
    @ParameterizedTest
    @ValueSource(strings = {"lettuce", "jedis"})
    void isDownWhileRedisAnswersAndRefusesToWrite(String driver) throws Exception {
        try (RespClient inside = this.redis.client();
                ActuatorApplication application = start("spring.data.redis.client-type=" + driver);
                LockLease lease = acquire(application, Duration.ofSeconds(12))) {
            awaitSound(application);
            inside.command("CONFIG", "SET", "min-replicas-to-write", "1");
            await().untilAsserted(() -> {
                Health health = health(application);
                assertThat(health.status()).as(health.toString()).isEqualTo("DOWN");
                assertThat(health.details()).containsEntry("state", "refuses locks");
                assertThat(health.details().get("warning"))
                        .asString()
                        .contains("renewals are late", "it refuses to write: NOREPLICAS", "min-replicas-to-write");
                assertThat(health.details().get("renewalsLateBy")).asString().matches("\\d{4,} ms");
            });

            inside.command("CONFIG", "SET", "min-replicas-to-write", "0");
            awaitSound(application);
            assertThat(lease.isHeld()).isTrue();
        }
    }

    /** Probes come whether or not earlier ones are answered: each has its answer in time, and keeps no thread. */
    @ParameterizedTest
    @ValueSource(strings = {"lettuce", "jedis"})
    void answersInTimeWhileRedisHangs(String driver) throws Exception {
        try (ActuatorApplication application = start("spring.data.redis.client-type=" + driver);
                LockLease lease = acquire(application, Duration.ofMinutes(1))) {
            ExecutorService probes = Executors.newFixedThreadPool(PROBES);
            try {
                assertThat(probeTogether(probes, application)).allMatch(health -> health.status.equals("UP"));
                int threads = liveThreads();

                this.redis.pause();
                long end = System.nanoTime() + HANGING.toNanos();
                List<Health> all = new ArrayList<>();
                int most = 0;
                while (System.nanoTime() < end) {
                    all.addAll(probeTogether(probes, application));
                    most = Math.max(most, liveThreads());
                }

                assertThat(all).hasSizeGreaterThan(PROBES).allSatisfy(health -> {
                    assertThat(health.status()).isEqualTo("DOWN");
                    assertThat(health.took()).isLessThan(COMMAND_TIMEOUT.multipliedBy(10));
                });
                // those of the drivers, which connect again, do not depend on the number of probes
                assertThat(most - threads)
                        .as("threads more than before %d probes", all.size())
                        .isLessThan(2 * PROBES);
                assertThat(lease.isHeld()).isTrue();

                this.redis.resume();
                awaitSound(application);
            } finally {
                probes.shutdownNow();
            }
        }
    }

    private ActuatorApplication start(String... properties) {
        String[] all = Arrays.copyOf(properties, properties.length + 1);
        all[properties.length] = "distributed-lock.redis.command-timeout=" + COMMAND_TIMEOUT.toMillis() + "ms";
        return ActuatorApplication.startOn(this.redis.host(), this.redis.port(), all);
    }

    private static LockLease acquire(ActuatorApplication application, Duration leaseTime) {
        return application.locks().acquire(LockOptions.named("order").key("42").leaseTime(leaseTime));
    }

    private static void awaitSound(ActuatorApplication application) {
        await().untilAsserted(() -> {
            Health health = health(application);
            assertThat(health.status()).as(health.toString()).isEqualTo("UP");
            assertThat(health.details())
                    .containsEntry("state", "answers")
                    .containsEntry("grants", "by message")
                    .doesNotContainKeys("warning", "error");
        });
    }

    private static List<Health> probeTogether(ExecutorService probes, ActuatorApplication application)
            throws Exception {
        List<Future<Health>> asked = new ArrayList<>();
        for (int i = 0; i < PROBES; i++) {
            asked.add(probes.submit(() -> health(application)));
        }
        List<Health> answers = new ArrayList<>();
        for (Future<Health> each : asked) {
            answers.add(each.get(1, TimeUnit.MINUTES));
        }
        return answers;
    }

    private static int liveThreads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofMinutes(1));
    }

    private static Health health(ActuatorApplication application) throws Exception {
        long start = System.nanoTime();
        HttpResponse<String> response = application.send("GET", "/actuator/health", true);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Map<String, Object> component = JsonPath.parse(response.body()).read("$.components.distributedLock");
        String status = (String) component.get("status");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status.equals("UP") ? 200 : 503);
        return new Health(status, JsonPath.parse(component).read("$.details"), took);
    }

    private record Health(String status, Map<String, Object> details, Duration took) {}
}
