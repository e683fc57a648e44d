package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;

class SlotTagsTests {

    @Test
    void everySlotHasAShortTagOfItsOwn() {
        for (int slot = 0; slot < ClusterSlotHashUtil.SLOT_COUNT; slot++) {
            assertThat(SlotTags.of(slot)).hasSizeLessThanOrEqualTo(4);
            assertThat(ClusterSlotHashUtil.calculateSlot("lock:fence:{" + SlotTags.of(slot) + "}"))
                    .isEqualTo(slot);
        }
    }

    /** Processes of different releases count with one counter only while these stay as they are. */
    @ParameterizedTest
    @CsvSource({"0, 1bz", "1, emj", "866, 9l2", "12182, foo", "16383, hia"})
    void tagsNeverChange(int slot, String tag) {
        assertThat(SlotTags.of(slot)).isEqualTo(tag);
    }
}
