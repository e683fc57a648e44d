package io.github.lockspring.benchmarks.contender;

import java.util.concurrent.CompletionStage;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** {@code RLock.lock()}, renewed by the watchdog, everything else as Redisson has it by default. */
final class RedissonContender implements Contender {

    private final RedissonClient client;

    RedissonContender(ContenderSettings settings) {
        Config config = new Config();
        config.useSingleServer().setAddress("redis://" + settings.host() + ':' + settings.port());
        config.setLockWatchdogTimeout(settings.lease().toMillis());
        this.client = Redisson.create(config);
    }

    @Override
    public Locking locking(String key) {
        return Locking.of(this.client.getLock("redisson:" + key));
    }

    @Override
    public Held hold(String key) {
        RLock lock = this.client.getLock("redisson:" + key);
        lock.lock();
        return new Held() {

            @Override
            public boolean isHeld() {
                return lock.isHeldByCurrentThread();
            }

            @Override
            public void close() {
                lock.unlock();
            }
        };
    }

    @Override
    public CompletionStage<?> attempt(String key) {
        RLock lock = this.client.getLock("redisson:" + key);
        long thread = Thread.currentThread().getId();
        return lock.tryLockAsync(thread).thenCompose(acquired -> {
            if (!acquired) {
                throw new IllegalStateException("Lock " + key + " was not free");
            }
            return lock.unlockAsync(thread);
        });
    }

    @Override
    public void close() {
        this.client.shutdown();
    }
}
