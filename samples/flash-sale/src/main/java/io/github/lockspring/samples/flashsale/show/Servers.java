package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.support.SharedServer;
import java.util.List;
import java.util.stream.Stream;

/**
 * The servers of a sale.
 *
 * @param redis where the locks are
 * @param database where stock and orders are
 */
record Servers(SharedServer redis, SharedServer database) {

    /** What a process is started with in order to find them. */
    List<String> arguments() {
        return Stream.of(this.redis, this.database)
                .flatMap(server -> server.arguments().stream())
                .toList();
    }
}
