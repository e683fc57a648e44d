package io.github.lockspring.benchmarks.contender;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** SET NX PX, and compare-and-delete by script: synchronous, over one connection, polling while it is contended. */
final class LettuceContender implements Contender {

    private static final String COMPARE_AND_DELETE =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

    private static final long PAUSE_NANOS = 10_000_000;

    private final RedisClient client;

    private final StatefulRedisConnection<String, String> connection;

    private final String compareAndDelete;

    private final SetArgs ifFree;

    private final String prefix = UUID.randomUUID() + ":";

    private final AtomicLong sequence = new AtomicLong();

    LettuceContender(ContenderSettings settings) {
        this.client = RedisClient.create(RedisURI.create(settings.host(), settings.port()));
        this.connection = this.client.connect();
        this.compareAndDelete = this.connection.sync().scriptLoad(COMPARE_AND_DELETE);
        this.ifFree = SetArgs.Builder.nx().px(settings.lease().toMillis());
    }

    @Override
    public Locking locking(String key) {
        String redisKey = "floor:" + key;
        String[] keys = {redisKey};
        RedisCommands<String, String> redis = this.connection.sync();
        return section -> {
            String owner = this.prefix + this.sequence.incrementAndGet();
            while (redis.set(redisKey, owner, this.ifFree) == null) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            try {
                section.run(CriticalSection.NO_TOKEN);
            } finally {
                redis.evalsha(this.compareAndDelete, ScriptOutputType.INTEGER, keys, owner);
            }
        };
    }

    @Override
    public void close() {
        this.connection.close();
        this.client.shutdown();
    }
}
