package io.github.lockspring.interceptor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassWriter;

/** Gives a class as the compiler leaves it without {@code -parameters}. */
final class WithoutParameterNames extends ClassLoader {

    private WithoutParameterNames(ClassLoader parent) {
        super(parent);
    }

    static Class<?> of(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        try (InputStream byteCode = type.getClassLoader().getResourceAsStream(file)) {
            ClassWriter stripped = new ClassWriter(0);
            new ClassReader(byteCode).accept(stripped, ClassReader.SKIP_DEBUG);
            byte[] bytes = stripped.toByteArray();
            return new WithoutParameterNames(type.getClassLoader()).defineClass(type.getName(), bytes, 0, bytes.length);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
