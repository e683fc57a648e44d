package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.testredis.JvmProcess;
import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Tag("default-line")
class RandomCallsIntegrationTests {

    private static final Logger logger = LoggerFactory.getLogger(RandomCallsIntegrationTests.class);

    private static final List<Driver> PROCESSES = List.of(Driver.LETTUCE, Driver.LETTUCE, Driver.JEDIS);

    private static final int THREADS = 5;

    private static final Duration TIME = Duration.ofSeconds(8);

    private final TestRedis redis = TestRedis.shared();

    private final String prefix = TestRedis.newPrefix();

    private final String data = "data-" + this.prefix;

    private final List<JvmProcess> processes = new ArrayList<>();

    @AfterEach
    void kill() {
        this.processes.forEach(JvmProcess::close);
    }

    @Test
    void ofSeveralProcessesExcludeEachOtherAndAllComeToAnEnd() {
        for (Driver driver : PROCESSES) {
            this.processes.add(JvmProcess.start(
                    RandomCallsWorker.class,
                    driver,
                    this.redis.host(),
                    this.redis.port(),
                    this.prefix,
                    this.data,
                    THREADS));
        }
        this.processes.forEach(process -> process.await("ready"));
        this.processes.forEach(process -> process.send(TIME.toString()));

        // Nobody who waits without limit is forgotten: each process says so once all of its threads have ended.
        this.processes.forEach(process -> logger.info("Leases lost: {}", process.await("done")));

        try (RespClient client = this.redis.client()) {
            for (int lock = 0; lock < RandomCaller.LOCKS; lock++) {
                Visits visits = new Visits(client, this.data, lock);
                Visits.Report report = visits.report();
                logger.info("Lock {}: {} visits, {} of them unproven", lock, report.visits(), report.unproven());
                assertThat(report.violations()).isEmpty();
                assertThat(report.visits()).as("visits").isGreaterThan(50);
                assertThat(report.unproven()).as("visits without proof").isLessThan(report.visits() / 10);
                visits.forget();
            }
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(new RedisState(client, this.prefix).lockKeys())
                            .isEmpty());
        }
    }
}
