package io.github.lockspring.samples.scheduledjobs.show;

import io.github.lockspring.samples.scheduledjobs.job.Reports;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.SharedServer;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * What the show consists of. Whatever it starts is a bean and ends with the context: at the end, after a failure, and
 * when the user breaks it off.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(ScheduledJobsProperties.class)
@Import(Reports.class)
class ShowConfiguration {

    @Bean
    ChildProcesses jobProcesses() {
        return new ChildProcesses(ScheduledJobsApplication.class);
    }

    @Bean
    ScheduledJobsShow show(
            ScheduledJobsProperties properties, SharedServer redis, Reports reports, ChildProcesses processes) {
        return new ScheduledJobsShow(properties, redis, reports, processes);
    }
}
