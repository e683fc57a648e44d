package io.github.lockspring.samples.scheduledjobs.job;

import java.time.Duration;
import java.util.List;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/** The reports in Redis: a list for each tick, of the processes that have written one. */
@Component
public class Reports {

    private static final Duration KEPT = Duration.ofHours(1);

    private final StringRedisTemplate redis;

    Reports(StringRedisTemplate redis) {
        this.redis = redis;
    }

    void write(ReportKind kind, long tick, int process) {
        this.redis.opsForList().rightPush(kind.key(tick), Integer.toString(process));
        this.redis.expire(kind.key(tick), KEPT);
    }

    /** Who has written the report of a tick; more than one if it was written more than once. */
    public List<Integer> writersOf(ReportKind kind, long tick) {
        List<String> writers = this.redis.opsForList().range(kind.key(tick), 0, -1);
        return writers == null
                ? List.of()
                : writers.stream().map(Integer::valueOf).toList();
    }
}
