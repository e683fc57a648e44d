package io.github.lockspring.autoconfigure;

import io.github.lockspring.LeaseReleaseStrategy;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.LockStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
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

    /** The ids of the servers that this context has to make: it shares those that a parent context has. */
    static Set<String> ids(Environment environment, BeanFactory beanFactory) {
        Map<String, DistributedLockProperties.Server> servers = new TreeMap<>(configured(environment));
        if (beanFactory instanceof HierarchicalBeanFactory context && context.getParentBeanFactory() != null) {
            BeanFactory parent = context.getParentBeanFactory();
            servers.entrySet()
                    .removeIf(server -> parent.containsBean(templateBean(server.getKey()))
                            && !isOfTheApplication(server.getKey(), context)
                            && isSame(server.getKey(), server.getValue(), parent));
        }
        return servers.keySet();
    }

    /** All servers that have properties, also those of a parent context. */
    static Map<String, DistributedLockProperties.Server> configured(Environment environment) {
        return Binder.get(environment)
                .bind(DistributedLockProperties.PREFIX + ".servers", SERVERS)
                .orElse(Map.of());
    }

    private static boolean isOfTheApplication(String id, HierarchicalBeanFactory context) {
        return Stream.of(storeBean(id), engineBean(id), templateBean(id)).anyMatch(context::containsLocalBean);
    }

    /**
     * Always, or the start fails: neither to ignore these settings nor to make a second engine would be what was meant.
     */
    private static boolean isSame(String id, DistributedLockProperties.Server server, BeanFactory parent) {
        DistributedLockProperties properties =
                parent.getBeanProvider(DistributedLockProperties.class).getIfAvailable();
        DistributedLockProperties.Server shared =
                properties != null ? properties.servers().get(id) : null;
        if (shared != null && !shared.equals(server)) {
            throw new InvalidLockPropertiesException(List.of(new PropertyProblem(
                    DistributedLockProperties.PREFIX + ".servers" + PropertyChecks.mapKey(id),
                    server.toString(),
                    "a parent context has a server of that id with other settings: " + shared,
                    "set the same in both contexts, which then share that server, or use another id in this one")));
        }
        return true;
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
        DistributedLockProperties.Server settings = properties.servers().get(id);
        if (settings == null) {
            throw new InvalidLockPropertiesException(List.of(new PropertyProblem(
                    DistributedLockProperties.PREFIX + ".servers" + PropertyChecks.mapKey(id),
                    "(not set)",
                    "the application was processed ahead of time with this server",
                    "set its properties, or process the application again without it")));
        }
        return settings;
    }

    static InMemoryLockStore memoryStore() {
        return new InMemoryLockStore();
    }

    static LockEngine engine(
            String id,
            LockStore store,
            DistributedLockProperties properties,
            Environment environment,
            @Qualifier(LockEngineConfiguration.CALLBACK_EXECUTOR) Executor callbackExecutor,
            ObjectProvider<LockMonitor> monitors) {
        return LockEngineConfiguration.engine(
                store,
                properties.toEngineSettings(
                        settings(id, properties).redis(),
                        LockEngineConfiguration.application(environment),
                        callbackExecutor),
                monitors);
    }

    static ClosingLifecycle<LockEngine> lifecycle(LockEngine engine) {
        return ClosingLifecycle.ofEngines(List.of(engine));
    }

    static LockTemplate template(
            LockEngine engine,
            LockSettings settings,
            ObjectProvider<LeaseReleaseStrategy> releases,
            LockTaskExecution tasks) {
        return new LockTemplate(engine, settings, releases.getIfAvailable(() -> LeaseReleaseStrategy.IMMEDIATE), tasks);
    }
}
