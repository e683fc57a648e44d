package io.github.lockspring.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Lets a native image find by name what this library looks for on the class path: without this, an optional dependency
 * that is there would count as missing.
 */
final class OptionalClassHints implements RuntimeHintsRegistrar {

    static final List<String> TYPES = List.of(
            "io.micrometer.context.ContextSnapshotFactory",
            "kotlin.reflect.full.KClasses",
            "kotlinx.coroutines.flow.Flow",
            "kotlinx.coroutines.reactor.MonoKt",
            "kotlinx.coroutines.reactor.ReactorContext",
            "org.springframework.data.redis.connection.RedisConnectionFactory",
            "org.springframework.security.concurrent.DelegatingSecurityContextRunnable",
            "org.springframework.transaction.PlatformTransactionManager",
            "org.springframework.transaction.ReactiveTransactionManager",
            "org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter",
            "reactor.core.publisher.Flux",
            "reactor.core.scheduler.NonBlocking");

    /** The results of web handlers that have the actual one in them. */
    private static final String HTTP_ENTITY = "org.springframework.http.HttpEntity";

    /** Of a static set of servers, only its own configuration tells the addresses. */
    private static final String LETTUCE = "org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory";

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        TYPES.forEach(type -> hints.reflection().registerTypeIfPresent(classLoader, type, builder -> {}));
        hints.reflection()
                .registerTypeIfPresent(
                        classLoader, HTTP_ENTITY, type -> type.withMethod("getBody", List.of(), ExecutableMode.INVOKE));
        hints.reflection().registerTypeIfPresent(classLoader, LETTUCE, type -> type.withField("configuration"));
    }
}
