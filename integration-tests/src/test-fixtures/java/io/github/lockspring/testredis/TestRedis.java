package io.github.lockspring.testredis;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Redis that all tests of a JVM share. Taken from the environment variable {@value #ADDRESS_VARIABLE}, else started
 * by Docker, else from {@code redis-server} of the PATH, else from the binary inside embedded-redis; what was started
 * ends with the JVM. Tests fail when none can be had.
 *
 * <p>Nobody stops, flushes or reconfigures it: a test that needs this starts a {@link RedisProcess}. Whoever looks at
 * its keys uses a {@link #newPrefix() prefix} of its own.
 */
public final class TestRedis {

    /** Environment variable with the address of a Redis to be used: {@code host:port}. */
    public static final String ADDRESS_VARIABLE = "LOCK_TEST_REDIS";

    private static final Logger logger = LoggerFactory.getLogger(TestRedis.class);

    private final RedisAddress address;

    private TestRedis(RedisAddress address) {
        this.address = address;
    }

    public static TestRedis shared() {
        return Shared.INSTANCE;
    }

    /** Returns a key prefix that nothing else uses. */
    public static String newPrefix() {
        return "test-" + UUID.randomUUID() + ":";
    }

    public String host() {
        return this.address.host();
    }

    public int port() {
        return this.address.port();
    }

    /** Opens a connection for looking inside. */
    public RespClient client() {
        return RespClient.connect(host(), port());
    }

    static RedisAddress find(@Nullable String given) {
        if (given != null && !given.isBlank()) {
            return RedisAddress.parse(given, ADDRESS_VARIABLE).checked();
        }
        return DockerRedis.start().orElseGet(TestRedis::startProcess).checked();
    }

    private static RedisAddress startProcess() {
        RedisProcess redis = RedisProcess.started();
        return new RedisAddress(redis.host(), redis.port(), RedisBinary.find().origin());
    }

    /** Found when first asked for. */
    private static final class Shared {

        static final TestRedis INSTANCE = new TestRedis(find(System.getenv(ADDRESS_VARIABLE)));

        static {
            logger.info(
                    "Tests share the Redis at {}:{} ({})", INSTANCE.host(), INSTANCE.port(), INSTANCE.address.origin());
        }
    }
}
