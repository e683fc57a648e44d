package io.github.lockspring.samples.cacherefresh.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HitCountTests {

    @Test
    void arrivesAsItWasSent() {
        HitCount count = new HitCount(12, 3, 1);
        assertThat(HitCount.of(count.toEvent())).isEqualTo(count);
    }

    @Test
    void addsUp() {
        assertThat(new HitCount(12, 3, 1).plus(new HitCount(1, 2, 0))).isEqualTo(new HitCount(13, 5, 1));
    }
}
