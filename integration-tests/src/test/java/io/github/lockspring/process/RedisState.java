package io.github.lockspring.process;

import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Redis holds under a prefix, seen past the store under test. */
final class RedisState {

    private static final Pattern SCRIPTS = Pattern.compile("cmdstat_eval(?:sha)?:calls=(\\d+)");

    private final RespClient redis;

    private final String prefix;

    RedisState(RespClient redis, String prefix) {
        this.redis = redis;
        this.prefix = prefix;
    }

    /** All keys of locks, held or waited for: all but the fencing counters. */
    Set<String> lockKeys() {
        return this.redis.keys(this.prefix + "*").stream()
                .filter(key -> !key.startsWith(this.prefix + "fence:"))
                .collect(Collectors.toSet());
    }

    /** How long the lock stays taken if nobody renews it; zero when it is free. */
    Duration leaseLeft(String fullName) {
        return Duration.ofMillis(Math.max(0, this.redis.number("PTTL", lockKey(this.prefix, fullName))));
    }

    /** How many scripts the server has executed since it was started. */
    static long scripts(RespClient redis) {
        long calls = 0;
        for (Matcher matcher = SCRIPTS.matcher(String.valueOf(redis.text("INFO", "commandstats"))); matcher.find(); ) {
            calls += Long.parseLong(matcher.group(1));
        }
        return calls;
    }

    /** The key of the lock itself. */
    static String lockKey(String prefix, String fullName) {
        return prefix + "{" + fullName + "}";
    }

    /** The clock of the server. */
    Duration now() {
        List<String> time = this.redis.texts("TIME");
        return Duration.ofSeconds(Long.parseLong(time.get(0))).plusNanos(Long.parseLong(time.get(1)) * 1_000);
    }
}
