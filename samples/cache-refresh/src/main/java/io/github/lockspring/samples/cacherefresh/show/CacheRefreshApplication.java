package io.github.lockspring.samples.cacherefresh.show;

import io.github.lockspring.samples.cacherefresh.cache.CacheApplication;
import io.github.lockspring.samples.cacherefresh.load.ReadersConfiguration;
import io.github.lockspring.samples.support.EmbeddedRedisInitializer;
import java.util.List;
import org.springframework.boot.SpringApplication;

/**
 * Runs the sample. Started by a user it is the show: it starts Redis and several processes of this same program, and
 * compares what their readers see. Those processes are told to be the application.
 */
public final class CacheRefreshApplication {

    /** The argument that makes a process the application with readers. */
    static final String READER = "--reader";

    private CacheRefreshApplication() {}

    public static void main(String[] args) {
        SpringApplication application;
        if (List.of(args).contains(READER)) {
            application = new SpringApplication(CacheApplication.class, ReadersConfiguration.class);
        } else {
            application = new SpringApplication(ShowConfiguration.class);
            application.addInitializers(new EmbeddedRedisInitializer());
        }
        System.exit(SpringApplication.exit(application.run(args)));
    }
}
