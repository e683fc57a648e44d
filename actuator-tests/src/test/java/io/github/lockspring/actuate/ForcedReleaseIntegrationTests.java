package io.github.lockspring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockForcedEvent;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockLostEvent;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.JvmProcess;
import io.github.lockspring.testredis.ParentJvm;
import io.github.lockspring.testredis.TestRedis;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Locks in Redis that an operator takes away from other processes. */
class ForcedReleaseIntegrationTests {

    private static final String ORDER = "/actuator/distributedlocks/order/42";

    private static final String FORCED = "distributed-lock.forced-release.enabled=true";

    private static final String NOT_FORCED = "distributed-lock.forced-release.enabled=false";

    private static final LockOptions OPTIONS =
            LockOptions.named("order").key("42").waitForever();

    private final String prefix = TestRedis.newPrefix();

    @Test
    void aLockGoesFromAnotherProcessToTheOneThatWaits() throws Exception {
        try (ActuatorApplication robbed = start(NOT_FORCED);
                ActuatorApplication waiting = start(FORCED);
                LockLease lease = robbed.locks().acquire(OPTIONS.leaseTime(Duration.ofSeconds(3)))) {
            CompletableFuture<Void> told = new CompletableFuture<>();
            lease.onLost(() -> told.complete(null));
            CompletableFuture<LockLease> next =
                    waiting.locks().acquireAsync(OPTIONS).toCompletableFuture();
            DocumentContext before = waiting.get(ORDER);
            assertThat(before.<Boolean>read("$.heldHere")).isFalse();
            assertThat(before.<Integer>read("$.waitingHere.length()")).isEqualTo(1);
            String owner = before.read("$.owner");

            assertThat(forceRelease(waiting, "?owner=" + owner).<Boolean>read("$.released"))
                    .isTrue();

            try (LockLease taken = next.get(1, TimeUnit.MINUTES)) {
                assertThat(taken.fencingToken()).isGreaterThan(lease.fencingToken());
                told.get(1, TimeUnit.MINUTES);
                assertThat(lease.isLost()).isTrue();
                assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lease::ensureHeld);
                Awaitility.await()
                        .untilAsserted(() -> assertThat(robbed.events())
                                .anySatisfy(event -> assertThat(event)
                                        .isInstanceOfSatisfying(
                                                LockLostEvent.class,
                                                lost -> assertThat(lost.lock()).isEqualTo(OPTIONS.lockName()))));
                Awaitility.await()
                        .untilAsserted(
                                () -> assertThat(waiting.events()).hasAtLeastOneElementOfType(LockForcedEvent.class));
                assertThat(robbed.get("/actuator/distributedlocks").<Integer>read("$.heldCount"))
                        .isZero();

                lease.close();
                DocumentContext after = robbed.get(ORDER);
                assertThat(after.<String>read("$.owner")).isNotEqualTo(owner);
                assertThat(after.<Boolean>read("$.held")).isTrue();
                assertThat(taken.isHeld()).isTrue();
            }
        }
    }

    /** Its lease would keep others out for an hour. */
    @Test
    void aLockOfADeadProcessIsFree() throws Exception {
        TestRedis redis = TestRedis.shared();
        try (ActuatorApplication application = start(FORCED);
                JvmProcess holder = JvmProcess.start(Holder.class, redis.host(), redis.port(), this.prefix)) {
            long token = Long.parseLong(holder.await("holding"));
            holder.kill();
            assertThat(application.get(ORDER).<Boolean>read("$.held")).isTrue();
            CompletableFuture<LockLease> next =
                    application.locks().acquireAsync(OPTIONS).toCompletableFuture();
            assertThat(application.locks().tryAcquire(OPTIONS)).isEmpty();

            assertThat(forceRelease(application, "").<Boolean>read("$.released"))
                    .isTrue();

            try (LockLease taken = next.get(1, TimeUnit.MINUTES)) {
                assertThat(taken.fencingToken()).isGreaterThan(token);
            }
        }
    }

    private ActuatorApplication start(String forced) {
        TestRedis redis = TestRedis.shared();
        return start(redis.host(), redis.port(), this.prefix, forced);
    }

    private static ActuatorApplication start(String host, int port, String prefix, String forced) {
        return ActuatorApplication.startOn(host, port, "distributed-lock.key-prefix=" + prefix, forced);
    }

    private static DocumentContext forceRelease(ActuatorApplication application, String query) throws Exception {
        HttpResponse<String> response = application.send("DELETE", ORDER + query, true);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonPath.parse(response.body());
    }

    /** A process that holds the lock until it is killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] args) throws Exception {
            ParentJvm parent = ParentJvm.connect();
            try (ActuatorApplication application = start(args[0], Integer.parseInt(args[1]), args[2], NOT_FORCED);
                    LockLease lease = application.locks().acquire(OPTIONS.leaseTime(Duration.ofHours(1)))) {
                parent.say("holding " + lease.fencingToken());
                parent.nextCommand();
            }
        }
    }
}
