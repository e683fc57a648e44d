package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LogCapture;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

class OutageLogTests {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30));

    private final LogCapture log = LogCapture.info(OutageLog.class);

    private final OutageLog outages =
            OutageLog.of(mock(RedisConnectionFactory.class), RedisServerLabel.DEFAULT, this.clock::get, Runnable::run);

    @AfterEach
    void close() {
        this.log.close();
    }

    @Test
    void saysWhatToCheck() {
        this.outages.down(new RuntimeException("Unable to connect to redis:6379"));
        assertThat(warnings(1))
                .singleElement()
                .asString()
                .startsWith("Locks cannot be taken: no connection (Unable to connect to redis:6379). ")
                .contains("'spring.data.redis.host'", "'spring.data.redis.port'", "'spring.data.redis.url'")
                .doesNotContain("poll");
    }

    @Test
    void saysThatThePasswordIsWrong() {
        this.outages.down(new RuntimeException("WRONGPASS invalid username-password pair or user is disabled."));
        assertThat(warnings(1))
                .singleElement()
                .asString()
                .contains("WRONGPASS", "'spring.data.redis.username' and 'spring.data.redis.password'")
                .doesNotContain("spring.data.redis.host");
    }

    @Test
    void saysWhichServerAndWhatToCheckIfTheApplicationMadeTheConnectionFactory() {
        RedisServerLabel reporting = new RedisServerLabel("reporting", "the bean 'reports'");
        LettuceConnectionFactory reports = new LettuceConnectionFactory("reports", 6379);
        OutageLog its = OutageLog.of(reports, reporting, this.clock::get, Runnable::run);
        its.down("no answer for 2000 ms", null);
        its.ofServer("one:1").down(new RuntimeException("WRONGPASS invalid username-password pair"));
        its.up();
        assertThat(this.log.said(Level.INFO))
                .containsExactly("Locks of server 'reporting' can be taken again: Redis answers");
        assertThat(warnings(2))
                .satisfiesExactly(
                        silent -> assertThat(silent)
                                .startsWith(
                                        "Locks of server 'reporting' cannot be taken: no answer for 2000 ms. Is Redis"
                                                + " at reports:6379 running and reachable? Check the bean 'reports'. ")
                                .doesNotContain("spring.data.redis"),
                        refusing -> assertThat(refusing)
                                .startsWith("Locks of server 'reporting' kept by server one:1 of the cluster cannot")
                                .contains(
                                        "Check user and password", ". The connection factory is the bean 'reports'. "));
    }

    @Test
    void saysItOnceForAnOutageAndThatItIsOver() {
        this.outages.up();
        this.outages.down(failure());
        this.clock.addAndGet(TimeUnit.MINUTES.toNanos(5));
        this.outages.down(failure());
        assertThat(this.log.said()).hasSize(1);
        this.outages.up();
        this.outages.up();
        assertThat(this.log.said(Level.INFO)).containsExactly("Locks can be taken again: Redis answers");
    }

    @Test
    void outagesOneAfterTheOtherAreSaidOnceAMinute() {
        for (int i = 0; i < 60; i++) {
            this.outages.down(failure());
            this.outages.up();
            this.clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }
        this.outages.down(failure());
        assertThat(this.log.said(Level.WARN)).hasSize(2);
    }

    @Test
    void factoryThatTheApplicationHasStoppedIsNoOutage() {
        this.outages.down(new IllegalStateException("LettuceConnectionFactory has been STOPPED"));
        this.outages.down(failure());
        assertThat(warnings(1)).singleElement().asString().contains("Unable to connect");
    }

    @Test
    void serversOfAClusterAreToldApart() {
        this.outages.ofServer("one:6379").down(failure());
        this.outages.ofServer("two:6379").down(failure());
        this.outages.up();
        assertThat(warnings(2))
                .satisfiesExactlyInAnyOrder(
                        said -> assertThat(said).startsWith("Locks kept by server one:6379 of the cluster cannot"),
                        said -> assertThat(said).startsWith("Locks kept by server two:6379 of the cluster cannot"));
    }

    @Test
    void propertiesAreThoseOfTheTopology() {
        assertThat(toldOf(new LettuceConnectionFactory(new RedisClusterConfiguration(List.of("one:1")))))
                .contains("'spring.data.redis.cluster.nodes'")
                .doesNotContain("redis.host");
        RedisSentinelConfiguration sentinels = new RedisSentinelConfiguration("main", Set.of("one:1"));
        assertThat(toldOf(new LettuceConnectionFactory(sentinels)))
                .contains("'spring.data.redis.sentinel.nodes'", "redis.sentinel.master'");
        assertThat(toldOf(new LettuceConnectionFactory(new RedisStaticMasterReplicaConfiguration("one", 1))))
                .contains("the primary among one:1", "'spring.data.redis.masterreplica.nodes'")
                .doesNotContain("redis.host");
    }

    @Test
    void writesInOrder() {
        OutageLog written = OutageLog.of(mock(RedisConnectionFactory.class), RedisServerLabel.DEFAULT, this.clock::get);
        for (int i = 0; i < 100; i++) {
            written.down(failure());
            written.up();
            this.clock.addAndGet(TimeUnit.MINUTES.toNanos(1));
        }
        await().until(() -> this.log.said().size() == 200);
        for (int i = 0; i < 200; i++) {
            assertThat(this.log.said().get(i)).contains(i % 2 == 0 ? "cannot be taken" : "can be taken again");
        }
    }

    private String toldOf(RedisConnectionFactory factory) {
        this.log.clear();
        OutageLog.of(factory, RedisServerLabel.DEFAULT, this.clock::get, Runnable::run)
                .down(failure());
        return warnings(1).get(0);
    }

    private static RuntimeException failure() {
        return new RuntimeException("Unable to connect to redis:6379");
    }

    private List<String> warnings(int count) {
        assertThat(this.log.said(Level.WARN)).hasSize(count);
        return this.log.said(Level.WARN);
    }
}
