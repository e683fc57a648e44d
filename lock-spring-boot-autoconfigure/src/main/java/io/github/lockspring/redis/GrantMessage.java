package io.github.lockspring.redis;

import io.github.lockspring.store.Grant;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A grant as it is published: layout version, number, lease in milliseconds, server clock in microseconds, owner and
 * key of the lock, separated by line feeds. Owners do not contain line feeds, and the key comes last, so no escaping is
 * needed.
 */
final class GrantMessage {

    private static final String VERSION = "1";

    private static final String SEPARATOR = "\n";

    private static final int FIELDS = 6;

    private GrantMessage() {}

    /** Empty if the message is not a grant, such as a message of another version. */
    static Optional<Grant> read(byte[] message, KeyLayout layout) {
        String[] fields = new String(message, StandardCharsets.UTF_8).split(SEPARATOR, FIELDS);
        if (fields.length != FIELDS || !fields[0].equals(VERSION) || !layout.isLockKey(fields[5])) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Grant(
                    layout.fullNameOf(fields[5]),
                    fields[4],
                    Long.parseLong(fields[1]),
                    Duration.ofMillis(Long.parseLong(fields[2])),
                    Long.parseLong(fields[3])));
        } catch (NumberFormatException ex) {
            return Optional.empty();
        }
    }
}
