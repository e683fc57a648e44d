package io.github.lockspring;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * The text of records. A {@code toString()} that a record declares itself is used as it is, as for every other type.
 * The text that the compiler generates from the components is generated again from the components as key parts: a
 * component whose type is converted for keys is converted here, too, and one that is refused for keys makes the record
 * unsuitable. A component may be null, but not all of them.
 */
final class RecordText implements Function<Object, @Nullable String> {

    private final Class<?> type;

    private final Field[] components;

    private final OwnText own;

    RecordText(Class<?> type) {
        this.type = type;
        this.components = componentsOf(type);
        this.own = new OwnText(type);
    }

    /**
     * The fields, from which the compiler generates the text: an accessor may return a copy. If the module of a record
     * does not open them, its text is used as it is.
     */
    private static Field[] componentsOf(Class<?> type) {
        Field[] components = Arrays.stream(type.getRecordComponents())
                .map(component -> ReflectionUtils.findField(type, component.getName()))
                .toArray(Field[]::new);
        try {
            AccessibleObject.setAccessible(components, true);
            return components;
        } catch (InaccessibleObjectException | SecurityException ex) {
            return new Field[0];
        }
    }

    @Override
    public @Nullable String apply(Object value) {
        String text = this.own.apply(value);
        @Nullable Object[] parts = new @Nullable Object[this.components.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = ReflectionUtils.getField(this.components[i], value);
        }
        return parts.length > 0 && generated(parts).equals(text) ? generated(textsOf(parts)) : text;
    }

    private String generated(@Nullable Object[] parts) {
        StringBuilder text = new StringBuilder(this.type.getSimpleName()).append('[');
        for (int i = 0; i < parts.length; i++) {
            text.append(i > 0 ? ", " : "")
                    .append(this.components[i].getName())
                    .append('=')
                    .append(parts[i]);
        }
        return text.append(']').toString();
    }

    private @Nullable Object[] textsOf(@Nullable Object[] parts) {
        @Nullable Object[] texts = new @Nullable Object[parts.length];
        boolean empty = true;
        for (int i = 0; i < parts.length; i++) {
            Object part = parts[i];
            String text = part != null ? textOf(this.components[i], part) : null;
            empty &= text == null || text.isBlank();
            texts[i] = text != null ? escaped(text) : null;
        }
        if (empty) {
            throw new LockKeyException("is a record (" + this.type.getName()
                    + ") without any value: all callers with such a key would share one lock");
        }
        return texts;
    }

    /** A component must not contain the separator of components. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace(",", "\\,");
    }

    private @Nullable String textOf(Field component, Object part) {
        try {
            return LockKeyType.of(part.getClass()).textOf(part);
        } catch (LockKeyException ex) {
            throw new LockKeyException("is a record (" + this.type.getName() + ") whose component '"
                    + component.getName() + "' " + ex.getMessage());
        }
    }
}
