package io.github.lockspring;

import io.github.lockspring.aspectj.DistributedLockAspect;
import io.github.lockspring.aspectj.WeavingClassLoader;
import io.github.lockspring.interceptor.LockAspectSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.aspectj.lang.Aspects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * Classes of tests into which AspectJ has woven the lock, with an aspect of their own. As a bean, has them lock for as
 * long as the context lives; one context at a time.
 */
public final class WovenClasses implements DisposableBean {

    private static final String PACKAGE = WovenClasses.class.getPackageName() + ".";

    private static final Set<String> NAMES = ConcurrentHashMap.newKeySet();

    private static final ClassLoader CLASS_LOADER = classLoader();

    public WovenClasses(LockAspectSupport support) {
        lockBy(support);
    }

    /** Returns the class of the same name that is woven, as are its super classes of this project. */
    @SuppressWarnings("unchecked")
    static <T> Class<T> woven(Class<T> type) {
        for (Class<?> woven = type; woven.getName().startsWith(PACKAGE); woven = woven.getSuperclass()) {
            NAMES.add(woven.getName());
        }
        return (Class<T>) load(type.getName());
    }

    static boolean isWoven(Class<?> type) {
        return type.getClassLoader() == CLASS_LOADER;
    }

    @Override
    public void destroy() {
        lockBy(null);
    }

    private static void lockBy(@Nullable LockAspectSupport support) {
        Class<?> aspect = load(DistributedLockAspect.class.getName());
        try {
            aspect.getMethod("setLockAspectSupport", LockAspectSupport.class).invoke(Aspects.aspectOf(aspect), support);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static ClassLoader classLoader() {
        NAMES.add(DistributedLockAspect.class.getName());
        NAMES.add(DistributedLockAspect.class.getName() + "$JoinPointBody");
        try {
            Path directory = Files.createTempDirectory("woven");
            Path aopXml = WeavingClassLoader.aopXml(directory);
            directory.toFile().deleteOnExit();
            aopXml.toFile().deleteOnExit();
            return new WeavingClassLoader(WovenClasses.class.getClassLoader(), aopXml, NAMES::contains);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static Class<?> load(String name) {
        try {
            return CLASS_LOADER.loadClass(name);
        } catch (ClassNotFoundException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
