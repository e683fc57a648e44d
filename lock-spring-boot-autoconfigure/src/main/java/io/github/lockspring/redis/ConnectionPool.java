package io.github.lockspring.redis;

import java.util.Arrays;
import java.util.NoSuchElementException;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/**
 * The connection pool of the application, if locks take their connections from it.
 *
 * @param property the property that sets its size
 * @param size the maximum number of connections, negative if there is no limit
 * @param needed how many connections locks need in addition to those of the application
 */
record ConnectionPool(String property, int size, int needed) {

    private static final Logger log = LoggerFactory.getLogger(ConnectionPool.class);

    /** Where the pool lets threads wait if there is no free connection. */
    private static final String WAITING_ROOM = "org.apache.commons.pool2.impl.LinkedBlockingDeque";

    /** The pool of a factory; null if it has none. */
    static @Nullable ConnectionPool of(RedisConnectionFactory factory, int needed) {
        if (factory instanceof JedisConnectionFactory jedis && jedis.getUsePool()) {
            GenericObjectPoolConfig<?> pool = jedis.getPoolConfig();
            int size = pool == null ? GenericObjectPoolConfig.DEFAULT_MAX_TOTAL : pool.getMaxTotal();
            return new ConnectionPool("spring.data.redis.jedis.pool.max-active", size, needed);
        }
        if (factory instanceof LettuceConnectionFactory lettuce
                && lettuce.getClientConfiguration() instanceof LettucePoolingClientConfiguration pooling) {
            int size = pooling.getPoolConfig().getMaxTotal();
            return new ConnectionPool("spring.data.redis.lettuce.pool.max-active", size, needed);
        }
        return null;
    }

    /** Whether there are so many connections at most. */
    boolean hasAtMost(int connections) {
        return this.size >= 0 && this.size <= connections;
    }

    /** Warns if the pool is too small. */
    void check() {
        if (hasAtMost(this.needed)) {
            log.warn(
                    "The connection pool is small: {} is {}, and locks need up to {} of its connections, so locks"
                            + " and other users of the pool may have to wait for one. Set it to more than {}",
                    this.property,
                    this.size,
                    this.needed,
                    this.needed);
        }
    }

    /** Returns what to do about an exhausted pool. */
    static String advice(@Nullable ConnectionPool pool) {
        return "the connection pool is exhausted"
                + (pool == null
                        ? ""
                        : ": set '" + pool.property + "' (now " + pool.size + ") to what the application needs, plus "
                                + pool.needed + " for locks");
    }

    /** A failure in words that help, if it is that the pool is exhausted. */
    static Throwable explained(Throwable failure, @Nullable ConnectionPool pool) {
        return isExhausted(failure) ? exhausted(failure, pool) : failure;
    }

    static RuntimeException exhausted(Throwable failure, @Nullable ConnectionPool pool) {
        NoSuchElementException explained =
                new NoSuchElementException(advice(pool) + " (" + CommandFailures.why(failure) + ")");
        explained.addSuppressed(failure);
        return explained;
    }

    /**
     * Whether all connections of the pool were in use, which does not mean anything for the state of the server. A pool
     * also reports in this way that it was unable to use a new connection.
     */
    static boolean isExhausted(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        return cause instanceof NoSuchElementException
                && !String.valueOf(cause.getMessage()).startsWith("Unable to ");
    }

    /** Whether a thread waits in a pool for others to give back a connection. Not cheap. */
    static boolean isAwaitedBy(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(WAITING_ROOM));
    }
}
