package io.github.lockspring.redis;

import java.nio.charset.StandardCharsets;

/** In which of its 16,384 slots a cluster keeps a key: CRC16 (polynomial 0x1021) of the key, or of its hash tag. */
final class HashSlots {

    static final int COUNT = 16384;

    private static final int POLYNOMIAL = 0x1021;

    private static final char[] TABLE = table();

    private HashSlots() {}

    static int of(byte[] key) {
        int open = indexOf(key, '{', 0);
        if (open >= 0) {
            int close = indexOf(key, '}', open + 1);
            if (close > open + 1) {
                return crc16(key, open + 1, close) % COUNT;
            }
        }
        return crc16(key, 0, key.length) % COUNT;
    }

    static int of(String key) {
        return of(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a tag that follows this prefix, or else one inside it, decides about the slot. */
    static boolean splitsNothing(String prefix) {
        int open = prefix.indexOf('{');
        return open < 0 || prefix.indexOf('}', open) > open + 1;
    }

    static int crc16(byte[] bytes, int from, int to) {
        int crc = 0;
        for (int i = from; i < to; i++) {
            crc = ((crc << 8) ^ TABLE[((crc >>> 8) ^ bytes[i]) & 0xFF]) & 0xFFFF;
        }
        return crc;
    }

    private static int indexOf(byte[] bytes, char wanted, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static char[] table() {
        char[] table = new char[256];
        for (int value = 0; value < table.length; value++) {
            int crc = value << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
            }
            table[value] = (char) crc;
        }
        return table;
    }
}
