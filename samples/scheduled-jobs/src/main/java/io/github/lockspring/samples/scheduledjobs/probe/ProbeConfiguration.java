package io.github.lockspring.samples.scheduledjobs.probe;

import io.github.lockspring.samples.support.CommandReader;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.task.ThreadPoolTaskSchedulerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Sets the clock of a process back, schedule included, and reports what its schedule does until the show is over. */
@Configuration(proxyBeanMethods = false)
public class ProbeConfiguration {

    @Bean
    Clock clock(@Value("${scheduled-jobs.behind}") Duration behind) {
        return Clock.offset(Clock.systemUTC(), behind.negated());
    }

    @Bean
    ThreadPoolTaskSchedulerCustomizer schedulerClock(Clock clock) {
        return scheduler -> scheduler.setClock(clock);
    }

    @Bean
    SchedulingConfigurer observedSchedule(Clock clock, @Value("${scheduled-jobs.process}") int process) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new CallObserver(clock, process));
        return registrar -> registrar.setObservationRegistry(registry);
    }

    @Bean
    ApplicationRunner showListener(RedisConnectionFactory redis) {
        return arguments -> new CommandReader(redis).forEach(command -> {});
    }
}
