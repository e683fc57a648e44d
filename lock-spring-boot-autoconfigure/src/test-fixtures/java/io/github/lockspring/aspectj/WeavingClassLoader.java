package io.github.lockspring.aspectj;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.function.Predicate;
import org.aspectj.weaver.loadtime.Aj;

/** Weaves some classes as the agent of AspectJ does, with a given {@code aop.xml}; the others are those of its parent. */
public final class WeavingClassLoader extends ClassLoader {

    private final Aj weaver = new Aj();

    private final Predicate<String> names;

    private final Path aopXml;

    public WeavingClassLoader(ClassLoader parent, Path aopXml, Predicate<String> names) {
        super(parent);
        this.aopXml = aopXml;
        this.names = names;
    }

    public static Path aopXml(Path directory) throws IOException {
        return aopXml(directory, """
                <aspect name="io.github.lockspring.aspectj.DistributedLockAspect"/>
                """);
    }

    /** The weaver remembers by its name what it has read: each file has a name of its own. */
    static Path aopXml(Path directory, String aspects) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "aop", ".xml"), """
                <aspectj>
                  <aspects>
                    %s
                  </aspects>
                </aspectj>
                """.formatted(aspects));
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return name.startsWith("META-INF/aop")
                ? Collections.enumeration(
                        Collections.singleton(this.aopXml.toUri().toURL()))
                : super.getResources(name);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!this.names.test(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : weave(name);
        }
    }

    private Class<?> weave(String name) throws ClassNotFoundException {
        try (InputStream byteCode = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (byteCode == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] compiled = byteCode.readAllBytes();
            byte[] woven = this.weaver.preProcess(name, compiled, this, null);
            byte[] defined = woven != null ? woven : compiled;
            return defineClass(name, defined, 0, defined.length);
        } catch (IOException ex) {
            throw new ClassNotFoundException(name, ex);
        }
    }
}
