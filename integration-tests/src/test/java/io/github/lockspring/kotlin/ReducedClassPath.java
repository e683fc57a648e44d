package io.github.lockspring.kotlin;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The class path of this test without some jars: classes of its own, which share nothing with those of the test. */
public final class ReducedClassPath implements AutoCloseable {

    private final URLClassLoader loader;

    private ReducedClassPath(URLClassLoader loader) {
        this.loader = loader;
    }

    /** Leaves out the jars whose file name matches. */
    public static ReducedClassPath without(String names) {
        Pattern pattern = Pattern.compile(names);
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> !pattern.matcher(path.getFileName().toString()).find())
                .map(ReducedClassPath::url)
                .toArray(URL[]::new);
        return new ReducedClassPath(new URLClassLoader(urls, ClassLoader.getPlatformClassLoader()));
    }

    /** Calls a static method without parameters. */
    public Object call(String type, String method) throws ReflectiveOperationException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(this.loader);
        try {
            return this.loader.loadClass(type).getMethod(method).invoke(null);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void close() throws IOException {
        this.loader.close();
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException ex) {
            throw new IllegalArgumentException(ex);
        }
    }
}
