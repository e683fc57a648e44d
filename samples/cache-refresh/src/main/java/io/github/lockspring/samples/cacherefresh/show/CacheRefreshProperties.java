package io.github.lockspring.samples.cacherefresh.show;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Size of the show.
 *
 * @param processes JVMs that read
 * @param threads readers in each of them
 * @param duration how long each pass takes
 * @param rebuildTime how long a new price takes to make
 * @param freshFor how long a price counts as fresh
 */
@ConfigurationProperties("cache-refresh")
record CacheRefreshProperties(int processes, int threads, Duration duration, Duration rebuildTime, Duration freshFor) {

    CacheRefreshProperties {
        check(processes > 1, "cache-refresh.processes must be at least 2, or there is no other process to wait");
        check(threads > 0, "cache-refresh.threads must be at least 1");
        check(rebuildTime.toMillis() > 0, "cache-refresh.rebuild-time must be at least 1ms");
        check(
                duration.compareTo(rebuildTime.plus(freshFor).multipliedBy(2)) > 0,
                "cache-refresh.duration must be more than twice cache-refresh.rebuild-time and cache-refresh.fresh-for"
                        + " together, or no price is refreshed");
    }

    private static void check(boolean valid, String message) {
        if (!valid) {
            throw new IllegalArgumentException(message);
        }
    }
}
