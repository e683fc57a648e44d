package io.github.lockspring.autoconfigure;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/** Lets key expressions read {@code #root} in a native image. */
final class LockExpressionHints implements RuntimeHintsRegistrar {

    static final TypeReference ROOT = TypeReference.of("io.github.lockspring.interceptor.LockExpressionRoot");

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.reflection()
                .registerType(ROOT, MemberCategory.INVOKE_PUBLIC_METHODS)
                .registerType(Method.class, MemberCategory.INVOKE_PUBLIC_METHODS);
    }
}
