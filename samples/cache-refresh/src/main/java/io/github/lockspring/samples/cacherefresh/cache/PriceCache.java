package io.github.lockspring.samples.cacherefresh.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/** The prices in Redis, which all processes share. */
@Component
class PriceCache {

    /** Much longer than a price is fresh, so that there is an old one to serve. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final StringRedisTemplate redis;

    PriceCache(StringRedisTemplate redis) {
        this.redis = redis;
    }

    /** Returns what is there, fresh or not; {@code null} if nothing is. */
    @Nullable Price find(String product) {
        String text = this.redis.opsForValue().get(key(product));
        return text == null ? null : Price.parse(text);
    }

    void put(String product, Price price) {
        this.redis.opsForValue().set(key(product), price.toText(), KEPT);
    }

    private static String key(String product) {
        return "cache-refresh:price:" + product;
    }
}
