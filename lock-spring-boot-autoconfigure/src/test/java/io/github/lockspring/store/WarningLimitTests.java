package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** One warning a minute. */
class WarningLimitTests {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);

    private final WarningLimit limit = new WarningLimit(this.now::get);

    private final List<Long> logged = new ArrayList<>();

    @Test
    void theFirstIsLoggedAndThenOneAMinute() {
        this.limit.warn(this.logged::add);
        this.limit.warn(this.logged::add);
        this.now.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
        this.limit.warn(this.logged::add);
        assertThat(this.logged).containsExactly(0L);
        this.now.addAndGet(1);
        this.limit.warn(this.logged::add);
        this.now.addAndGet(Duration.ofMinutes(2).toNanos());
        this.limit.warn(this.logged::add);
        assertThat(this.logged).containsExactly(0L, 2L, 0L);
    }
}
