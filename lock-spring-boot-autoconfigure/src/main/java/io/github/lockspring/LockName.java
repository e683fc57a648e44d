package io.github.lockspring;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a lock: a static name and the parts of a key. Name and parts are escaped and joined by colons to form the
 * full name, so different names and keys never share a lock; a full name over 512 bytes is shortened to a readable head
 * and a hash. Immutable.
 *
 * @since 0.1
 */
public final class LockName {

    private final String name;

    private final String escapedName;

    private final @Nullable String key;

    private final String fullName;

    /** Whether the key is shown only to the application that has set it. */
    private final boolean masked;

    private LockName(String name, String escapedName, @Nullable String key, String fullName, boolean masked) {
        this.name = name;
        this.escapedName = escapedName;
        this.key = key;
        this.fullName = fullName;
        this.masked = masked;
    }

    /**
     * Returns the lock of a name and the parts of its key.
     *
     * @param name static, low-cardinality name
     * @param keyParts text, numbers, booleans, enums, UUID, {@code java.time}, dates, records of these, and other types
     *     with {@code toString()} and {@code equals} of their own, see {@link LockKeyType}; not null, not blank, no
     *     containers; none for the one lock of the name
     * @return the identity of the lock
     * @throws LockKeyException if the name is null or blank, or a part cannot identify a lock
     */
    public static LockName of(String name, Object... keyParts) {
        if (name == null) {
            throw isNull();
        }
        if (name.isBlank()) {
            throw new LockKeyException("The name of a lock is blank: give it a static name such as 'order'");
        }
        return of(name, FullNames.escaped(name), keyParts);
    }

    /** The same lock; logs and exceptions show a pseudonym of its key from now on. */
    LockName masked() {
        return this.key == null || this.masked
                ? this
                : new LockName(this.name, this.escapedName, this.key, this.fullName, true);
    }

    static LockKeyException isNull() {
        return new LockKeyException("The name of a lock is null: give it a static name such as 'order'");
    }

    /** The lock of the same name with another key. */
    LockName withKey(Object... keyParts) {
        return of(this.name, this.escapedName, keyParts);
    }

    private static LockName of(String name, String escapedName, Object... keyParts) {
        checkParts(name, keyParts);
        if (keyParts.length == 0) {
            return new LockName(name, escapedName, null, FullNames.join(escapedName), false);
        }
        String[] parts = new String[keyParts.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = KeyParts.textOf(name, i, keyParts[i]);
        }
        String key = parts.length == 1 ? parts[0] : Arrays.stream(parts).collect(Collectors.joining(":"));
        return new LockName(name, escapedName, key, FullNames.join(escapedName, parts), false);
    }

    /** An array of another type, or null, was not meant as the array of parts: it was passed as the only argument. */
    private static void checkParts(String name, Object @Nullable [] keyParts) {
        if (keyParts == null) {
            throw new LockKeyException(
                    name, "The key of lock '" + name + "' is null: all callers with null would share one lock", null);
        }
        if (keyParts.getClass() != Object[].class) {
            throw new LockKeyException(
                    name,
                    "The key of lock '" + name + "' is a container ("
                            + keyParts.getClass().getComponentType().getName()
                            + "[]): pass its elements as separate parts",
                    null);
        }
    }

    /**
     * Returns the static name.
     *
     * @return the name
     */
    public String name() {
        return this.name;
    }

    /**
     * Returns the parts of the key, joined by colons. For display: only the full name identifies a lock.
     *
     * @return the key, {@code null} without key
     */
    public @Nullable String key() {
        return this.key;
    }

    /**
     * Returns the full name.
     *
     * @return name and key, escaped, at most 512 bytes in UTF-8
     */
    public String fullName() {
        return this.fullName;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LockName that && this.fullName.equals(that.fullName);
    }

    @Override
    public int hashCode() {
        return this.fullName.hashCode();
    }

    /**
     * Returns the key as it is shown outside of the application: where keys are masked, a pseudonym, which distinguishes
     * locks as the full name does.
     *
     * @return the key or its pseudonym, {@code null} without key
     */
    public @Nullable String shownKey() {
        return this.masked ? FullNames.pseudonym(this.fullName) : this.key;
    }

    /** The full name, for logs and messages: with the pseudonym of the key where keys are masked. */
    @Override
    public String toString() {
        return this.masked ? this.escapedName + ':' + shownKey() : this.fullName;
    }
}
