package io.github.lockspring.redis;

import io.github.lockspring.store.LockStoreContract;
import io.github.lockspring.store.LockStoreFixture;
import io.github.lockspring.store.LockStoreFuzzContract;
import io.github.lockspring.store.LockStoreGrantContract;
import io.github.lockspring.store.StoreUnderTest;
import io.github.lockspring.testredis.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The Redis store does the same where Lettuce writes each command by itself. */
@Tag("default-line")
class UnbatchedLockStoreIntegrationTests implements StoreUnderTest {

    private static LettuceConnectionFactory factory;

    @BeforeAll
    static void connect() {
        factory = Drivers.lettuce(TestRedis.shared().host(), TestRedis.shared().port());
    }

    @AfterAll
    static void disconnect() {
        factory.destroy();
    }

    @Override
    public LockStoreFixture open() {
        RedisLockStoreSettings settings = RedisLockStoreFixture.settings(TestRedis.newPrefix());
        return new RedisLockStoreFixture(
                factory,
                true,
                new RedisLockStoreSettings(
                        settings.keyPrefix(),
                        settings.grantLease(),
                        settings.pollInterval(),
                        settings.subscribe(),
                        settings.commandTimeout(),
                        false));
    }

    @Nested
    class Basics extends LockStoreContract {}

    @Nested
    class Grants extends LockStoreGrantContract {}

    @Nested
    class Fuzz extends LockStoreFuzzContract {}
}
