package io.github.lockspring.testredis;

import java.net.URI;

/**
 * Where a Redis listens.
 *
 * @param host name or address
 * @param port TCP port
 * @param origin how it was come by, for the log
 */
record RedisAddress(String host, int port, String origin) {

    private static final int DEFAULT_PORT = 6379;

    /** Reads {@code host}, {@code host:port} or {@code redis://host:port}. */
    static RedisAddress parse(String text, String origin) {
        URI uri = URI.create(text.contains("://") ? text : "redis://" + text);
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(origin + " is '" + text + "': write host:port");
        }
        return new RedisAddress(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(), origin);
    }

    /** Makes sure that a Redis answers there. */
    RedisAddress checked() {
        try (RespClient client = RespClient.connect(this.host, this.port)) {
            client.command("PING");
        }
        return this;
    }
}
