package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LogCapture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

class OutageLogTests {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30));

    private final LogCapture log = LogCapture.info(OutageLog.class);

    private final OutageLog outages = OutageLog.of(mock(RedisConnectionFactory.class), this.clock::get, Runnable::run);

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
        LettuceConnectionFactory lettuce = mock();
        given(lettuce.isClusterAware()).willReturn(true);
        assertThat(toldOf(lettuce))
                .contains("'spring.data.redis.cluster.nodes'")
                .doesNotContain("redis.host");
        LettuceConnectionFactory sentinels = mock();
        given(sentinels.isRedisSentinelAware()).willReturn(true);
        assertThat(toldOf(sentinels)).contains("'spring.data.redis.sentinel.nodes'", "redis.sentinel.master'");
    }

    @Test
    void writesInOrder() {
        OutageLog written = OutageLog.of(mock(RedisConnectionFactory.class), this.clock::get);
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
        OutageLog.of(factory, this.clock::get, Runnable::run).down(failure());
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
