package io.github.lockspring;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** Turns key parts into text, and refuses what would silently give a shared lock or one that nobody else finds. */
final class KeyParts {

    /** Whether a type has a {@code toString()} of its own. */
    private static final ClassValue<Boolean> HAS_TEXT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                return type.getMethod("toString").getDeclaringClass() != Object.class;
            } catch (NoSuchMethodException ex) {
                throw new IllegalStateException("Every type has toString()", ex);
            }
        }
    };

    private KeyParts() {}

    static String textOf(String name, int index, @Nullable Object part) {
        if (part == null) {
            throw refused(name, index, "is null", "all callers with null would share one lock");
        }
        String text = part instanceof Enum<?> constant ? constant.name() : textOf(name, index, part.getClass(), part);
        if (text == null || text.isBlank()) {
            throw refused(name, index, "is blank", "all callers with a blank key would share one lock");
        }
        return text;
    }

    private static @Nullable String textOf(String name, int index, Class<?> type, Object part) {
        if (part instanceof CharSequence text) {
            return text.toString();
        }
        if (isContainer(type, part)) {
            throw refused(
                    name, index, "is a container (" + type.getName() + ")", "pass its elements as parts of their own");
        }
        if (!HAS_TEXT.get(type)) {
            throw noText(name, index, type);
        }
        String text = part.toString();
        if (text != null && text.startsWith(type.getName() + "@")) {
            throw noText(name, index, type);
        }
        return text;
    }

    private static boolean isContainer(Class<?> type, Object part) {
        return type.isArray()
                || part instanceof Collection
                || part instanceof Map
                || part instanceof Optional
                || part instanceof OptionalInt
                || part instanceof OptionalLong
                || part instanceof OptionalDouble
                || part instanceof Iterator
                || part instanceof BaseStream
                || part instanceof Iterable && !(part instanceof Path);
    }

    private static LockKeyException noText(String name, int index, Class<?> type) {
        return refused(
                name,
                index,
                "has no text form of its own (" + type.getName() + " does not override toString())",
                "every object would get a lock that no other process finds; use an identifying property");
    }

    private static LockKeyException refused(String name, int index, String found, String why) {
        return new LockKeyException(
                name, "Key part " + (index + 1) + " of lock '" + name + "' " + found + ": " + why, null);
    }
}
