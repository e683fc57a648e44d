package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.LockStore;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The names of the beans of further servers, and how each is made. Called by the definitions that
 * {@link LockServersRegistrar} registers.
 */
final class LockServers {

    private static final Bindable<Map<String, DistributedLockProperties.Server>> SERVERS =
            Bindable.mapOf(String.class, DistributedLockProperties.Server.class);

    private LockServers() {}

    static Set<String> ids(Environment environment) {
        return new TreeSet<>(Binder.get(environment)
                .bind(DistributedLockProperties.PREFIX + ".servers", SERVERS)
                .orElse(Map.of())
                .keySet());
    }

    static String storeBean(String id) {
        return id + "LockStore";
    }

    static String engineBean(String id) {
        return id + "LockEngine";
    }

    static String templateBean(String id) {
        return id + "LockTemplate";
    }

    /** Whether these would be the names of the primary server's beans. */
    static boolean isPrimary(String id) {
        return templateBean(id).equals(DistributedLockAutoConfiguration.TEMPLATE);
    }

    static DistributedLockProperties.Server settings(String id, DistributedLockProperties properties) {
        return Objects.requireNonNull(properties.servers().get(id));
    }

    static InMemoryLockStore memoryStore() {
        return new InMemoryLockStore();
    }

    static LockEngine engine(
            String id,
            LockStore store,
            DistributedLockProperties properties,
            Environment environment,
            @Qualifier(LockEngineConfiguration.CALLBACK_EXECUTOR) Executor callbackExecutor) {
        return new DefaultLockEngine(
                store,
                properties.toEngineSettings(
                        settings(id, properties).redis(),
                        LockEngineConfiguration.application(environment),
                        callbackExecutor));
    }

    static ClosingLifecycle lifecycle(LockEngine engine) {
        return ClosingLifecycle.ofEngine(engine);
    }

    static LockTemplate template(LockEngine engine, LockSettings settings) {
        return new LockTemplate(engine, settings);
    }
}
