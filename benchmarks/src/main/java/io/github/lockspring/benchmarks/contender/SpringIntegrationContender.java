package io.github.lockspring.benchmarks.contender;

import java.util.concurrent.locks.Lock;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.redis.util.RedisLockRegistry.RedisLockType;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** {@code RedisLockRegistry}. Renewal is opt-in there, so only kept locks have it. */
final class SpringIntegrationContender implements Contender {

    private final LettuceConnectionFactory connections;

    private final RedisLockRegistry registry;

    private final RedisLockRegistry renewing;

    private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();

    SpringIntegrationContender(ContenderSettings settings, boolean messages) {
        this.connections = SpringRedis.connect(settings);
        this.registry = registry(settings, messages);
        this.renewing = registry(settings, messages);
        this.scheduler.initialize();
        this.renewing.setRenewalTaskScheduler(this.scheduler);
    }

    private RedisLockRegistry registry(ContenderSettings settings, boolean messages) {
        RedisLockRegistry registry = new RedisLockRegistry(
                this.connections, "spring-integration", settings.lease().toMillis());
        registry.setRedisLockType(messages ? RedisLockType.PUB_SUB_LOCK : RedisLockType.SPIN_LOCK);
        return registry;
    }

    @Override
    public void lock(String key, CriticalSection section) {
        Lock lock = this.registry.obtain(key);
        lock.lock();
        try {
            section.run(CriticalSection.NO_TOKEN);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Held hold(String key) {
        Lock lock = this.renewing.obtain(key);
        lock.lock();
        return new KeptUntilUnlocked(lock::unlock);
    }

    @Override
    public void close() {
        this.registry.destroy();
        this.renewing.destroy();
        this.scheduler.shutdown();
        this.connections.destroy();
    }
}
