package io.github.lockspring.benchmarks.contender;

import java.time.Duration;

/**
 * What every contender is given.
 *
 * @param host where Redis is
 * @param port where Redis listens
 * @param lease time to live of a lock in Redis, renewed after a third of it where the contender renews
 */
public record ContenderSettings(String host, int port, Duration lease) {

    /** Longest waiting where a contender wants a limit: longer than any round. */
    static final Duration WAIT = Duration.ofMinutes(2);
}
