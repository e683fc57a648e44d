package io.github.lockspring.interceptor;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a method returns that is skipped: nothing, as far as its type can say so. */
final class SkippedResult {

    private static final Map<Class<?>, Object> EMPTY = Map.of(
            Optional.class, Optional.empty(),
            OptionalInt.class, OptionalInt.empty(),
            OptionalLong.class, OptionalLong.empty(),
            OptionalDouble.class, OptionalDouble.empty());

    private SkippedResult() {}

    static @Nullable Object of(Class<?> returnType) {
        return EMPTY.get(returnType);
    }

    /** Whether no value of a type says that there is no result. */
    static boolean isMissing(Class<?> returnType) {
        return returnType.isPrimitive() && returnType != void.class;
    }
}
