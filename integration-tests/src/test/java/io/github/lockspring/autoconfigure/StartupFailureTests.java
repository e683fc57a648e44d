package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import io.github.lockspring.LockOperations;
import io.github.lockspring.annotation.DistributedLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** What is printed when an application does not start: it has to say what to do. */
@ExtendWith(OutputCaptureExtension.class)
class StartupFailureTests {

    @Test
    void saysWhatToAddWithoutStore(CapturedOutput output) {
        fails(NoRedis.class);

        assertThat(output)
                .contains(
                        "neither a LockStore bean",
                        "its auto-configuration may be excluded",
                        "spring.data.redis.*",
                        "distributed-lock.store=memory",
                        "distributed-lock.enabled=false");
    }

    @Test
    void listsConnectionFactoriesToChooseFrom(CapturedOutput output) {
        fails(TwoRedisServers.class);
        assertThat(output)
                .contains("There are 2 RedisConnectionFactory beans", "- cache", "- sessions")
                .contains("Set distributed-lock.redis.connection-factory to one of these names");
    }

    @Test
    void namesTheConnectionFactoryThatDoesNotExist(CapturedOutput output) {
        fails(TwoRedisServers.class, "distributed-lock.redis.connection-factory=locks");
        assertThat(output).contains("There is no RedisConnectionFactory bean named 'locks'", "- cache", "- sessions");
    }

    @Test
    void showsEveryWrongPropertyWithItsOrigin(CapturedOutput output) {
        fails(NoRedis.class, "distributed-lock.lease-time=5ms", "distributed-lock.locks.order.wait-time=-1s");
        assertThat(output)
                .contains("Property: distributed-lock.lease-time", "Value: \"5ms\"", "Origin: ", "at least 1s")
                .contains("Property: distributed-lock.locks.order.wait-time", "Value: \"-1s\"", "\"forever\"");
    }

    @Test
    void namesBothPropertiesOfAPollIntervalThatIsLongerThanTheGrantLease(CapturedOutput output) {
        fails(NoRedis.class, "distributed-lock.redis.poll-interval=5s");
        assertThat(output)
                .contains("Property: distributed-lock.redis.poll-interval", "Value: \"5s\"", "longer than grant lease")
                .contains("set at most distributed-lock.redis.grant-lease, or increase that property");
    }

    @ParameterizedTest
    @CsvSource({
        "lease-time,5 seconds",
        "lease-time,abc",
        "locks.order.lease-time,5 seconds",
        "hand-over-after,abc",
        "redis.command-timeout,2 s",
        "servers.reporting.poll-interval,abc"
    })
    void saysHowDurationsAreWritten(String property, String value, CapturedOutput output) {
        fails(NoRedis.class, "distributed-lock." + property + "=" + value);
        assertThat(output)
                .contains("The configuration of distributed locks cannot work")
                .contains("Property: distributed-lock." + property, "Value: \"" + value + "\"", "Origin: ")
                .contains("not a duration", "30s, 5m");
    }

    @Test
    void listsOperationsToChooseFrom(CapturedOutput output) {
        fails(TwoOperations.class);
        assertThat(output)
                .contains("There are 2 LockOperations beans", "- one", "- other")
                .contains("@Primary", "distributedLockTemplate", "LockStore");
    }

    @Test
    void namesThePropertyOfAValueThatIsNoneOfItsChoices(CapturedOutput output) {
        fails(NoRedis.class, "distributed-lock.store=rediss");
        assertThat(output).contains("Property: distributed-lock.store", "Value: \"rediss\"", "MEMORY", "REDIS");
    }

    @Test
    void doesNotTakeATypingErrorForDisabled(CapturedOutput output) {
        fails(NoRedis.class, "distributed-lock.store=memory", "distributed-lock.enabled=ture");
        assertThat(output).contains("Property: distributed-lock.enabled", "Value: \"ture\"");
    }

    @Test
    void namesTheAdviceModeThatDoesNotExist(CapturedOutput output) {
        fails(NoRedis.class, "distributed-lock.store=memory", "distributed-lock.advice-mode=weave");
        assertThat(output).contains("Property: distributed-lock.advice-mode", "ASPECTJ", "PROXY");
    }

    @Test
    void showsWrongAnnotationsAndHowToMendThem(CapturedOutput output) {
        fails(WrongAnnotations.class, "distributed-lock.store=memory");

        assertThat(output)
                .contains("Method: " + WrongWork.class.getName() + ".unknownVariable(String)")
                .contains("key = \"#oder.id\"")
                .contains("Method: " + WrongWork.class.getName() + ".shortLease()")
                .contains("leaseTime = \"10ms\"")
                .contains("distributed-lock.validation=warn");
    }

    @Test
    void saysHowToHaveTheAspectWoven(CapturedOutput output) {
        fails(NoRedis.class, "distributed-lock.store=memory", "distributed-lock.advice-mode=aspectj");
        assertThat(output).contains("has not been woven", "-javaagent:aspectjweaver.jar");
    }

    private static void fails(Class<?> application, String... properties) {
        SpringApplicationBuilder builder = new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .properties(properties);
        assertThatThrownBy(() -> builder.run().close()).isNotNull();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DistributedLockAutoConfiguration.class,
        DistributedLockAspectAutoConfiguration.class,
        DistributedLockDisabledAutoConfiguration.class,
        LockStoreAutoConfiguration.class
    })
    static class NoRedis {}

    @Configuration(proxyBeanMethods = false)
    static class TwoOperations extends NoRedis {

        @Bean
        Right right() {
            return new Right();
        }

        @Bean
        LockOperations one() {
            return mock();
        }

        @Bean
        LockOperations other() {
            return mock();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoRedisServers extends NoRedis {

        @Bean
        RedisConnectionFactory cache() {
            return mock(RedisConnectionFactory.class);
        }

        @Bean
        RedisConnectionFactory sessions() {
            return mock(RedisConnectionFactory.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WrongAnnotations extends NoRedis {

        @Bean
        WrongWork wrongWork() {
            return new WrongWork();
        }
    }

    static class Right {

        @DistributedLock
        void run() {}
    }

    static class WrongWork {

        @DistributedLock(key = "#oder.id")
        void unknownVariable(String order) {}

        @DistributedLock(leaseTime = "10ms")
        void shortLease() {}

        @DistributedLock
        final void finalMethod() {}
    }
}
