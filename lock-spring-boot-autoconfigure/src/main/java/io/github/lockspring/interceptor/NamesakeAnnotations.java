package io.github.lockspring.interceptor;

import io.github.lockspring.annotation.DistributedLock;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * Reports annotations of other libraries with the simple name {@code DistributedLock}, in classes that use the
 * annotation of this library: with a wrong import a method is not locked, without any other sign. Thread-safe.
 */
final class NamesakeAnnotations {

    private static final Logger logger = LoggerFactory.getLogger(NamesakeAnnotations.class);

    private final Set<Class<?>> checked = ConcurrentHashMap.newKeySet();

    /** Checks the class of a method when it is first requested. */
    void check(LockDeclaration declaration) {
        check(declaration.beanClass());
        check(declaration.method().getDeclaringClass());
    }

    private void check(Class<?> type) {
        if (!this.checked.add(type)) {
            return;
        }
        try {
            Stream.concat(Stream.of(type), Stream.of(type.getDeclaredMethods())).forEach(NamesakeAnnotations::warn);
        } catch (LinkageError ex) {
            logger.debug("Cannot look for annotations in {}", type, ex);
        }
    }

    private static void warn(AnnotatedElement element) {
        for (Annotation annotation : element.getDeclaredAnnotations()) {
            Class<?> type = annotation.annotationType();
            if (type.getSimpleName().equals(DistributedLock.class.getSimpleName())
                    && !type.getName().equals(DistributedLock.class.getName())
                    && !MergedAnnotations.from(type).isPresent(DistributedLock.class)) {
                logger.warn(
                        "{} has the annotation {}, which is not {} and does not lock here: correct the import,"
                                + " unless another library processes that annotation",
                        element,
                        type.getName(),
                        DistributedLock.class.getName());
            }
        }
    }
}
