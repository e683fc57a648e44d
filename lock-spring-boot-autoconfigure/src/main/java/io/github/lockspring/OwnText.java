package io.github.lockspring;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The text of a value, unless its {@code toString()} falls back to that of {@link Object}. */
final class OwnText implements Function<Object, @Nullable String> {

    private final Class<?> type;

    private final String identity;

    OwnText(Class<?> type) {
        this.type = type;
        this.identity = type.getName() + "@";
    }

    @Override
    public @Nullable String apply(Object value) {
        String text = value.toString();
        if (text != null && text.startsWith(this.identity)) {
            throw new LockKeyException(UnfitKeyTypes.noText(this.type));
        }
        return text;
    }
}
