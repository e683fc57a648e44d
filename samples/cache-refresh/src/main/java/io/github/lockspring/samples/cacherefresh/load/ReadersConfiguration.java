package io.github.lockspring.samples.cacherefresh.load;

import io.github.lockspring.LockEngine;
import io.github.lockspring.samples.cacherefresh.cache.Prices;
import io.github.lockspring.samples.support.CommandReader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** What a process needs besides its application: readers, and a look at the locks they ask for. */
@Configuration(proxyBeanMethods = false)
public class ReadersConfiguration {

    @Bean
    static BeanPostProcessor lockCounting() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String beanName) {
                return bean instanceof LockEngine engine ? new CountingLockEngine(engine) : bean;
            }
        };
    }

    @Bean
    ApplicationRunner readCommandRunner(
            Prices prices,
            LockEngine engine,
            RedisConnectionFactory redis,
            @Value("${cache-refresh.threads}") int threads) {
        CountingLockEngine counting = (CountingLockEngine) engine;
        return arguments -> {
            ExecutorService executor = Executors.newFixedThreadPool(threads);
            try {
                Readers readers = new Readers(prices, counting::askedByThisThread, executor, threads);
                new CommandReader(redis).forEach(line -> readers.read(ReadCommand.parse(line)));
            } finally {
                executor.shutdownNow();
            }
        };
    }
}
