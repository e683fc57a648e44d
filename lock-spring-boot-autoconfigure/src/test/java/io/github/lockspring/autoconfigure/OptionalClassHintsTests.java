package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.http.HttpEntity;
import org.springframework.util.ReflectionUtils;

class OptionalClassHintsTests {

    private static final Path CLASSES = Path.of("target/classes");

    private static final Pattern CLASS_NAME = Pattern.compile("[a-z]\\w*(\\.[a-z]\\w*)+\\.[A-Z]\\w*");

    /** Of no use in a native image: what only tests have, and what weaving needs. */
    private static final Set<String> ELSEWHERE = Set.of(
            "org.mockito.Mockito", "org.aspectj.lang.JoinPoint", "io.github.lockspring.aspectj.DistributedLockAspect");

    private final RuntimeHints hints = new RuntimeHints();

    OptionalClassHintsTests() {
        new OptionalClassHints().registerHints(this.hints, getClass().getClassLoader());
    }

    @Test
    void nameEachClassThatIsLookedForByName() throws IOException {
        assertThat(namesLookedFor()).containsExactlyInAnyOrderElementsOf(OptionalClassHints.TYPES);
    }

    @Test
    void nameClassesThatExist() {
        assertThat(OptionalClassHints.TYPES)
                .allSatisfy(type -> assertThat(
                                Class.forName(type, false, getClass().getClassLoader()))
                        .satisfies(found -> assertThat(this.hints)
                                .matches(RuntimeHintsPredicates.reflection().onType(found))));
    }

    @Test
    void letMembersBeRead() throws NoSuchMethodException {
        assertThat(this.hints)
                .matches(RuntimeHintsPredicates.reflection()
                        .onMethod(HttpEntity.class.getMethod("getBody"))
                        .invoke())
                .matches(RuntimeHintsPredicates.reflection()
                        .onField(ReflectionUtils.findField(LettuceConnectionFactory.class, "configuration")));
    }

    /** The names of classes in all code that looks for classes. */
    private static Set<String> namesLookedFor() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(CLASSES)) {
            files.filter(file -> file.toString().endsWith(".class")).forEach(file -> {
                Names found = new Names();
                new ClassReader(bytes(file)).accept(found, ClassReader.SKIP_DEBUG);
                if (found.looksForClasses) {
                    names.addAll(found.names);
                }
            });
        }
        names.removeAll(ELSEWHERE);
        return names;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static final class Names extends ClassVisitor {

        private final Set<String> names = new TreeSet<>();

        private boolean looksForClasses;

        Names() {
            super(Opcodes.ASM9);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitLdcInsn(Object value) {
                    if (value instanceof String text && CLASS_NAME.matcher(text).matches()) {
                        Names.this.names.add(text);
                    }
                }

                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String method, String methodDescriptor, boolean isInterface) {
                    Names.this.looksForClasses |= owner.equals("org/springframework/util/ClassUtils")
                                    && Set.of("isPresent", "forName", "resolveClassName")
                                            .contains(method)
                            || owner.equals("java/lang/Class") && method.equals("forName");
                }
            };
        }
    }
}
