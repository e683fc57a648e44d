package io.github.lockspring.samples.scheduledjobs.show;

import io.github.lockspring.samples.scheduledjobs.job.JobApplication;
import io.github.lockspring.samples.scheduledjobs.probe.ProbeConfiguration;
import io.github.lockspring.samples.support.EmbeddedRedisInitializer;
import java.util.List;
import org.springframework.boot.SpringApplication;

/**
 * Runs the sample. Started by a user it is the show: it starts Redis and several processes of this same program, and
 * counts what their schedules do. Those processes are told to be the application.
 */
public final class ScheduledJobsApplication {

    /** The argument that makes a process the application with the job. */
    static final String JOB = "--job";

    private ScheduledJobsApplication() {}

    public static void main(String[] args) {
        SpringApplication application;
        if (List.of(args).contains(JOB)) {
            application = new SpringApplication(JobApplication.class, ProbeConfiguration.class);
        } else {
            application = new SpringApplication(ShowConfiguration.class);
            application.addInitializers(new EmbeddedRedisInitializer());
        }
        System.exit(SpringApplication.exit(application.run(args)));
    }
}
