package io.github.lockspring;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * The text of records. One that a record composes by itself is believed, as that of every other type. One that the
 * compiler has made of the components is made anew of what they are as key parts: a component that a key converts is
 * converted here, too, and one that a key refuses makes the record unfit.
 */
final class RecordText implements Function<Object, @Nullable String> {

    private final Class<?> type;

    private final Method[] accessors;

    private final OwnText own;

    RecordText(Class<?> type) {
        this.type = type;
        this.accessors = accessorsOf(type);
        this.own = new OwnText(type);
    }

    /** A record whose module keeps its components to itself can only be believed. */
    private static Method[] accessorsOf(Class<?> type) {
        Method[] accessors = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getAccessor)
                .toArray(Method[]::new);
        try {
            AccessibleObject.setAccessible(accessors, true);
            return accessors;
        } catch (InaccessibleObjectException | SecurityException ex) {
            return new Method[0];
        }
    }

    @Override
    public @Nullable String apply(Object value) {
        String text = this.own.apply(value);
        @Nullable Object[] parts = new @Nullable Object[this.accessors.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = ReflectionUtils.invokeMethod(this.accessors[i], value);
        }
        return parts.length > 0 && generated(parts).equals(text) ? generated(textsOf(parts)) : text;
    }

    private String generated(@Nullable Object[] parts) {
        StringBuilder text = new StringBuilder(this.type.getSimpleName()).append('[');
        for (int i = 0; i < parts.length; i++) {
            text.append(i > 0 ? ", " : "")
                    .append(this.accessors[i].getName())
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
            String text = part != null ? textOf(this.accessors[i], part) : null;
            empty &= text == null || text.isBlank();
            texts[i] = text;
        }
        if (empty) {
            throw new LockKeyException("is a record (" + this.type.getName()
                    + ") without any value: all callers with such a key would share one lock");
        }
        return texts;
    }

    private @Nullable String textOf(Method component, Object part) {
        try {
            return LockKeyType.of(part.getClass()).textOf(part);
        } catch (LockKeyException ex) {
            throw new LockKeyException("is a record (" + this.type.getName() + ") whose component '"
                    + component.getName() + "' " + ex.getMessage());
        }
    }
}
