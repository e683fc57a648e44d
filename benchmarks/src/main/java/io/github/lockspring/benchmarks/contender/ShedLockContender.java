package io.github.lockspring.benchmarks.contender;

import java.time.Duration;
import java.time.Instant;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.redis.spring.RedisLockProvider;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** ShedLock over Redis. It never waits: for free locks only. */
final class ShedLockContender implements Contender {

    private final LettuceConnectionFactory connections;

    private final RedisLockProvider provider;

    private final Duration lease;

    ShedLockContender(ContenderSettings settings) {
        this.connections = SpringRedis.connect(settings);
        this.provider = new RedisLockProvider(this.connections, "benchmarks");
        this.lease = settings.lease();
    }

    @Override
    public Locking locking(String key) {
        return section -> {
            SimpleLock lock = this.provider
                    .lock(new LockConfiguration(Instant.now(), key, this.lease, Duration.ZERO))
                    .orElseThrow(() -> new IllegalStateException("Lock " + key + " was not free"));
            try {
                section.run(CriticalSection.NO_TOKEN);
            } finally {
                lock.unlock();
            }
        };
    }

    @Override
    public void close() {
        this.connections.destroy();
    }
}
