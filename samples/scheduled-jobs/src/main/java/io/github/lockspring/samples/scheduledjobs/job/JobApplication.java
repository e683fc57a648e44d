package io.github.lockspring.samples.scheduledjobs.job;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** An ordinary Spring Boot application with a schedule. The starter on its class path is all that locking takes. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableScheduling
public class JobApplication {}
