package io.github.lockspring.samples.cacherefresh.cache;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/**
 * Stands for what is expensive, such as a long query: it takes its time. Counts in Redis how many times each version
 * was made.
 */
@Component
public class PriceSource {

    private static final Duration KEPT = Duration.ofHours(1);

    private final StringRedisTemplate redis;

    private final Duration time;

    private final Duration freshFor;

    PriceSource(
            StringRedisTemplate redis,
            @Value("${cache-refresh.rebuild-time}") Duration time,
            @Value("${cache-refresh.fresh-for}") Duration freshFor) {
        this.redis = redis;
        this.time = time;
        this.freshFor = freshFor;
    }

    /** Makes the version after the one that is known, or that one once more if it was still fresh: in vain. */
    Price load(String product, @Nullable Price known) {
        long version = known == null ? 1 : known.version() + (known.isFresh() ? 0 : 1);
        try {
            Thread.sleep(this.time.toMillis());
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the price of " + product + " was made", ex);
        }
        this.redis.opsForHash().increment(key(product), Long.toString(version), 1);
        this.redis.expire(key(product), KEPT);
        return new Price(version, System.currentTimeMillis() + this.freshFor.toMillis());
    }

    /** How many times each version of a price was made. */
    public Map<Long, Integer> timesMade(String product) {
        return this.redis.<String, String>opsForHash().entries(key(product)).entrySet().stream()
                .collect(Collectors.toMap(
                        made -> Long.valueOf(made.getKey()), made -> Integer.valueOf(made.getValue())));
    }

    private static String key(String product) {
        return "cache-refresh:made:" + product;
    }
}
