package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/** Converts key parts to text, and reports which part of which lock cannot be converted. */
final class KeyParts {

    private KeyParts() {}

    static String textOf(String name, int index, @Nullable Object part) {
        if (part == null) {
            throw refused(name, index, "is null: all callers with null would share one lock");
        }
        String text = part instanceof String string ? string : textOf(name, index, part.getClass(), part);
        if (text == null || text.isBlank()) {
            throw refused(name, index, "is blank: all callers with a blank key would share one lock");
        }
        return text;
    }

    private static @Nullable String textOf(String name, int index, Class<?> type, Object part) {
        try {
            return LockKeyType.of(type).textOf(part);
        } catch (LockKeyException ex) {
            throw refused(name, index, String.valueOf(ex.getMessage()));
        }
    }

    private static LockKeyException refused(String name, int index, String why) {
        return new LockKeyException(name, "Key part " + (index + 1) + " of lock '" + name + "' " + why, null);
    }
}
