package io.github.lockspring.redis;

import java.util.Arrays;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;

/**
 * A short hash tag for every slot, so that a key can be put into the slot of another: the lowest number whose text to
 * base 36 belongs there. Part of the key layout: must never change.
 */
final class SlotTags {

    private static final int UNKNOWN = -1;

    private static final int[] NUMBERS = numbers();

    private SlotTags() {}

    static String of(int slot) {
        return text(NUMBERS[slot]);
    }

    private static int[] numbers() {
        int[] numbers = new int[ClusterSlotHashUtil.SLOT_COUNT];
        Arrays.fill(numbers, UNKNOWN);
        int missing = numbers.length;
        for (int number = 0; missing > 0; number++) {
            int slot = ClusterSlotHashUtil.calculateSlot(KeyLayout.bytes(text(number)));
            if (numbers[slot] == UNKNOWN) {
                numbers[slot] = number;
                missing--;
            }
        }
        return numbers;
    }

    private static String text(int number) {
        return Integer.toString(number, Character.MAX_RADIX);
    }
}
