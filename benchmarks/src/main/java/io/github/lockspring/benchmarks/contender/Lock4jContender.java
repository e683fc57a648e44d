package io.github.lockspring.benchmarks.contender;

import com.baomidou.lock.LockInfo;
import com.baomidou.lock.LockTemplate;
import com.baomidou.lock.executor.RedisTemplateLockExecutor;
import com.baomidou.lock.spring.boot.autoconfigure.Lock4jProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Lock4j's {@code LockTemplate} with a lease given, as its examples do. Without one it renews, by a timer thread for
 * each lock: only kept locks do that.
 */
final class Lock4jContender implements Contender {

    private final LettuceConnectionFactory connections;

    private final LockTemplate template = new LockTemplate();

    private final long leaseMillis;

    Lock4jContender(ContenderSettings settings) {
        this.connections = SpringRedis.connect(settings);
        this.leaseMillis = settings.lease().toMillis();
        StringRedisTemplate redis = new StringRedisTemplate(this.connections);
        Lock4jProperties properties = new Lock4jProperties();
        properties.setExpire(this.leaseMillis);
        this.template.setProperties(properties);
        this.template.setExecutors(List.of(new RedisTemplateLockExecutor(redis, properties)));
        try {
            this.template.afterPropertiesSet();
        } catch (Exception ex) {
            throw new IllegalStateException("Lock4j does not start", ex);
        }
    }

    @Override
    public Locking locking(String key) {
        String redisKey = redisKey(key);
        return section -> {
            LockInfo lock = locked(redisKey, this.leaseMillis);
            try {
                section.run(CriticalSection.NO_TOKEN);
            } finally {
                this.template.releaseLock(lock);
            }
        };
    }

    @Override
    public Held hold(String key) {
        LockInfo lock = locked(redisKey(key), -1);
        return new KeptUntilUnlocked(() -> {
            if (!this.template.releaseLock(lock)) {
                throw new IllegalStateException("Lock " + key + " was lost");
            }
        });
    }

    private static String redisKey(String key) {
        return "lock4j:" + key;
    }

    private LockInfo locked(String key, long expire) {
        @Nullable LockInfo lock = this.template.lock(key, expire, ContenderSettings.WAIT.toMillis());
        if (lock == null) {
            throw new IllegalStateException("Lock " + key + " was not acquired");
        }
        return lock;
    }

    @Override
    public void close() {
        this.connections.destroy();
    }
}
