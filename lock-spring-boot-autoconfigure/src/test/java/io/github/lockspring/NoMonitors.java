package io.github.lockspring;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;

/**
 * Finds {@code synchronized}, as a modifier and as a block. ArchUnit does not see blocks, so the byte code is read: a
 * virtual thread that blocks inside a monitor pins its carrier on the JDKs before 24.
 */
final class NoMonitors extends ArchCondition<JavaClass> {

    NoMonitors() {
        super("not use synchronized methods or blocks");
    }

    @Override
    public void check(JavaClass javaClass, ConditionEvents events) {
        try (InputStream byteCode =
                javaClass.getSource().orElseThrow().getUri().toURL().openStream()) {
            new ClassReader(byteCode)
                    .accept(new MonitorVisitor(javaClass, events), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot read the byte code of " + javaClass.getName(), ex);
        }
    }

    private static final class MonitorVisitor extends ClassVisitor {

        private final JavaClass javaClass;

        private final ConditionEvents events;

        MonitorVisitor(JavaClass javaClass, ConditionEvents events) {
            super(SpringAsmInfo.ASM_VERSION);
            this.javaClass = javaClass;
            this.events = events;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String descriptor, String signature, String[] exceptions) {
            if ((access & Opcodes.ACC_SYNCHRONIZED) != 0) {
                violated(method, "is synchronized");
            }
            return new MethodVisitor(this.api) {
                @Override
                public void visitInsn(int opcode) {
                    if (opcode == Opcodes.MONITORENTER) {
                        violated(method, "has a synchronized block");
                    }
                }
            };
        }

        private void violated(String method, String what) {
            this.events.add(SimpleConditionEvent.violated(
                    this.javaClass,
                    "Method %s.%s %s %s: use a ReentrantLock, or an atomic operation"
                            .formatted(
                                    this.javaClass.getName(), method, what, this.javaClass.getSourceCodeLocation())));
        }
    }
}
