package io.github.lockspring.samples.cacherefresh.show;

import io.github.lockspring.samples.cacherefresh.cache.PriceSource;
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
@EnableConfigurationProperties(CacheRefreshProperties.class)
@Import(PriceSource.class)
class ShowConfiguration {

    @Bean
    ChildProcesses readerProcesses() {
        return new ChildProcesses(CacheRefreshApplication.class);
    }

    @Bean
    CacheRefreshShow show(
            CacheRefreshProperties properties, SharedServer redis, PriceSource source, ChildProcesses processes) {
        return new CacheRefreshShow(properties, redis, source, processes);
    }
}
