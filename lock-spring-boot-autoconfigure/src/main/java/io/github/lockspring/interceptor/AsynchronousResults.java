package io.github.lockspring.interceptor;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/** Knows the results that are returned before the work is done. */
final class AsynchronousResults {

    private AsynchronousResults() {}

    static boolean isReturnedBy(LockDeclaration declaration) {
        Class<?> type = GenericTypeResolver.resolveReturnType(declaration.method(), declaration.beanClass());
        return KotlinDetector.isSuspendingFunction(declaration.method())
                || CompletionStage.class.isAssignableFrom(type)
                || Future.class.isAssignableFrom(type)
                || Flow.Publisher.class.isAssignableFrom(type)
                || type != Object.class
                        && ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null
                || isPublisher(type);
    }

    /** By name: neither Reactive Streams nor coroutines need to be there. */
    private static boolean isPublisher(Class<?> type) {
        return Stream.concat(Stream.of(type), ClassUtils.getAllInterfacesForClassAsSet(type).stream())
                .map(Class::getName)
                .anyMatch(name ->
                        name.equals("org.reactivestreams.Publisher") || name.equals("kotlinx.coroutines.flow.Flow"));
    }
}
