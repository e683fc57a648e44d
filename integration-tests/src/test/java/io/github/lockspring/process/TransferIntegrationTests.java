package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.testredis.JvmProcess;
import io.github.lockspring.testredis.TestRedis;
import io.github.lockspring.transaction.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Transactions of several processes over one database, under locks in Redis. */
@Tag("default-line")
class TransferIntegrationTests {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static final Duration SHORT = Duration.ofSeconds(2);

    private static final int INCREMENTS = 50;

    private final TestRedis redis = TestRedis.shared();

    private final String prefix = TestRedis.newPrefix();

    private final TestDatabase database = TestDatabase.start();

    private final JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(this.database.url()));

    @BeforeEach
    void createTable() {
        this.jdbc.execute("drop table if exists transfer");
        this.jdbc.execute("create table transfer (amount integer)");
        this.jdbc.update("insert into transfer values (0)");
    }

    @AfterEach
    void close() {
        this.jdbc.execute("drop table transfer");
        this.database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"around", "inside"})
    void noProcessEntersBeforeTheCommit(String order) {
        try (JvmProcess first = start(LONG);
                JvmProcess second = start(LONG)) {
            first.await("ready");
            second.await("ready");
            first.send(order);
            first.await("written");

            second.send("attempt");
            assertThat(second.awaitAny("contended", "entered")).isEqualTo("contended");
            second.send("enter");
            first.send("commit");

            assertThat(second.await("entered")).isEqualTo("1");
            first.await("done");
        }
    }

    @Test
    void whatOneProcessReadsAnotherHasCommitted() {
        try (JvmProcess first = start(LONG);
                JvmProcess second = start(LONG)) {
            first.await("ready");
            second.await("ready");
            first.send("count " + INCREMENTS);
            second.send("count " + INCREMENTS);
            first.await("done");
            second.await("done");
            assertThat(amount()).isEqualTo(2 * 2 * INCREMENTS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"around", "inside"})
    void processThatStoodStillForLongerThanItsLeaseDoesNotCommit(String order) {
        try (JvmProcess stopped = start(SHORT);
                JvmProcess other = start(SHORT)) {
            stopped.await("ready");
            other.await("ready");
            stopped.send(order);
            stopped.await("written");

            stopped.pause();
            other.send("enter");
            assertThat(other.await("entered")).isEqualTo("0");
            stopped.resume();
            stopped.send("commit");

            assertThat(stopped.awaitAny("done", "failed")).startsWith("failed").contains("LeaseLostException");
            assertThat(amount()).isZero();
        }
    }

    private JvmProcess start(Duration leaseTime) {
        return JvmProcess.start(
                TransferWorker.class,
                this.redis.host(),
                this.redis.port(),
                this.prefix,
                this.database.url(),
                leaseTime);
    }

    private int amount() {
        return this.jdbc.queryForObject("select amount from transfer", Integer.class);
    }
}
