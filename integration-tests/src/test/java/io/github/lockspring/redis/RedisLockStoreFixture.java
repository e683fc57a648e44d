package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.LockStoreFixture;
import io.github.lockspring.testredis.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** A store of its own for each process, all over one connection factory, under a prefix that nobody else uses. */
final class RedisLockStoreFixture implements LockStoreFixture {

    private static final Duration SPARE = Duration.ofMillis(20);

    private final RedisConnectionFactory factory;

    private final boolean seesSubscriptions;

    private final RedisLockStoreSettings settings;

    private final List<RedisLockStore> stores = new ArrayList<>();

    RedisLockStoreFixture(RedisConnectionFactory factory, boolean seesSubscriptions) {
        this(factory, seesSubscriptions, settings(TestRedis.newPrefix()));
    }

    RedisLockStoreFixture(RedisConnectionFactory factory, boolean seesSubscriptions, RedisLockStoreSettings settings) {
        this.factory = factory;
        this.seesSubscriptions = seesSubscriptions;
        this.settings = settings;
    }

    static RedisLockStoreSettings settings(String prefix) {
        RedisLockStoreSettings defaults = RedisLockStoreSettings.DEFAULTS;
        return new RedisLockStoreSettings(
                prefix,
                defaults.grantLease(),
                defaults.pollInterval(),
                defaults.subscribe(),
                Duration.ofSeconds(10),
                defaults.batchCommands());
    }

    @Override
    public LockStore connect(String client) {
        RedisLockStore store = new RedisLockStore(this.factory, this.settings);
        this.stores.add(store);
        // Connecting takes its time, of which a suite that lets leases pass knows nothing.
        StoreClient.answer(store.holder("warm-up"));
        return store;
    }

    @Override
    public void elapse(Duration time) {
        long end = System.nanoTime() + time.plus(SPARE).toNanos();
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public Duration grantLease() {
        return this.settings.grantLease();
    }

    @Override
    public boolean seesSubscriptions() {
        return this.seesSubscriptions;
    }

    @Override
    public void assertNothingLeft() {
        try (RedisConnection connection = this.factory.getConnection()) {
            byte[] pattern = (this.settings.keyPrefix() + "*").getBytes(StandardCharsets.UTF_8);
            assertThat(connection.keyCommands().keys(pattern))
                    .extracting(key -> new String(key, StandardCharsets.UTF_8))
                    .allMatch(key -> key.startsWith(this.settings.keyPrefix() + "fence:"));
        }
    }

    @Override
    public void close() {
        this.stores.forEach(RedisLockStore::close);
    }
}
