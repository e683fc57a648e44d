package io.github.lockspring.benchmarks.contender;

import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.redis.util.RedisLockRegistry.RedisLockType;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * {@code RedisLockRegistry}. Renewal is opt-in there, so only kept locks have it; it goes on for some of them after they
 * are unlocked, so its scheduler is ended with the last.
 */
final class SpringIntegrationContender implements Contender {

    private final LettuceConnectionFactory connections;

    private final RedisLockRegistry registry;

    private final ContenderSettings settings;

    private final boolean messages;

    private @Nullable Renewing renewing;

    private int kept;

    SpringIntegrationContender(ContenderSettings settings, boolean messages) {
        this.connections = SpringRedis.connect(settings);
        this.settings = settings;
        this.messages = messages;
        this.registry = registry();
    }

    private RedisLockRegistry registry() {
        RedisLockRegistry registry = new RedisLockRegistry(
                this.connections, "spring-integration", this.settings.lease().toMillis());
        registry.setRedisLockType(this.messages ? RedisLockType.PUB_SUB_LOCK : RedisLockType.SPIN_LOCK);
        return registry;
    }

    @Override
    public Locking locking(String key) {
        return Locking.of(this.registry.obtain(key));
    }

    @Override
    public Held hold(String key) {
        Renewing renewed = this.renewing;
        if (renewed == null) {
            renewed = new Renewing(registry());
            this.renewing = renewed;
        }
        Lock lock = renewed.registry.obtain(key);
        lock.lock();
        this.kept++;
        return new KeptUntilUnlocked(() -> unlock(lock));
    }

    private void unlock(Lock lock) {
        try {
            lock.unlock();
        } finally {
            this.kept--;
            if (this.kept == 0) {
                stopRenewing();
            }
        }
    }

    private void stopRenewing() {
        Renewing renewed = this.renewing;
        if (renewed != null) {
            this.renewing = null;
            renewed.stop();
        }
    }

    @Override
    public void close() {
        this.registry.destroy();
        stopRenewing();
        this.connections.destroy();
    }

    /** A registry that renews, and what it renews with. */
    private static final class Renewing {

        private final RedisLockRegistry registry;

        private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();

        Renewing(RedisLockRegistry registry) {
            this.registry = registry;
            this.scheduler.initialize();
            registry.setRenewalTaskScheduler(this.scheduler);
        }

        void stop() {
            this.registry.destroy();
            this.scheduler.shutdown();
        }
    }
}
