package io.github.lockspring.redis;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConnection;

/** Giving back connections. */
final class Connections {

    private static final Logger log = LoggerFactory.getLogger(Connections.class);

    private Connections() {}

    /** What fails while a connection is closed says nothing about the commands that went before. */
    static void close(RedisConnection connection) {
        try {
            connection.close();
        } catch (RuntimeException ex) {
            log.debug("A connection could not be closed", ex);
        }
    }
}
