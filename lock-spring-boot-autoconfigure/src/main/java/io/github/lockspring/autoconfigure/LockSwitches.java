package io.github.lockspring.autoconfigure;

import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.store.LockStore;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.core.env.Environment;

/**
 * Says at the start which of the properties that decide about beans change nothing: those that had another value when the
 * beans were defined. That is at the build if the application is processed ahead of time; the generated code then has the
 * values of the build.
 */
final class LockSwitches implements SmartInitializingSingleton {

    private static final String ENABLED = "enabled";

    private static final String STORE = "store";

    private static final String SERVERS = "servers";

    private static final Map<String, Object> DEFAULTS = Map.of(
            ENABLED,
            true,
            STORE,
            StoreType.REDIS,
            "advice-mode",
            AdviceMode.PROXY,
            "metrics.enabled",
            true,
            "observation.enabled",
            true,
            "web.enabled",
            true);

    /** What follows from a value of the build that locks less than is asked for at the start. */
    private static final Map<String, String> DANGERS = Map.of(
            "enabled=false",
            "methods annotated with @DistributedLock run WITHOUT a lock, and LockOperations does not lock anything",
            "store=memory",
            "locks exclude the threads of this process only, NOT other processes",
            "advice-mode=aspectj",
            "methods annotated with @DistributedLock run WITHOUT a lock where AspectJ has not woven them");

    private static final Logger log = LoggerFactory.getLogger(LockSwitches.class);

    private final Map<String, String> defined;

    private final Environment environment;

    private final ListableBeanFactory beanFactory;

    private LockSwitches(Map<String, String> defined, Environment environment, ListableBeanFactory beanFactory) {
        this.defined = defined;
        this.environment = environment;
        this.beanFactory = beanFactory;
    }

    /** Called by the definition that {@link LockSwitchesRegistrar} registers. */
    static LockSwitches of(Map<String, String> defined, Environment environment, ListableBeanFactory beanFactory) {
        return new LockSwitches(defined, environment, beanFactory);
    }

    /** All values by the names of their properties, without the prefix; of servers, that they are there. */
    static Map<String, String> values(Environment environment) {
        Binder binder = Binder.get(environment);
        Map<String, String> values = new TreeMap<>();
        DEFAULTS.forEach((name, value) -> {
            try {
                Object bound = binder.bind(property(name), value.getClass()).orElse(null);
                values.put(name, String.valueOf(bound != null ? bound : value).toLowerCase(Locale.ROOT));
            } catch (BindException ex) {
                // The properties as a whole cannot be bound, either, which fails the start.
            }
        });
        LockServers.configured(environment).keySet().forEach(id -> values.put(SERVERS + PropertyChecks.mapKey(id), ""));
        return values;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Map<String, String> started = values(this.environment);
        if (isDisabled(this.defined)) {
            compare(ENABLED, started);
            return;
        }
        DEFAULTS.keySet().stream()
                .filter(name -> !name.equals(STORE) || isOurs())
                .sorted()
                .forEach(name -> compare(name, started));
        Set<String> servers = new TreeSet<>(this.defined.keySet());
        servers.addAll(started.keySet());
        servers.removeAll(DEFAULTS.keySet());
        servers.forEach(name -> compareServer(name, started));
        if (isInMemory(this.defined) && isInMemory(started) && isOverRedis()) {
            log.warn("distributed-lock.store=memory has no effect: locks are kept in Redis, by a store of the"
                    + " application");
        }
    }

    private void compare(String name, Map<String, String> started) {
        String before = this.defined.get(name);
        String now = started.get(name);
        if (before == null || now == null || before.equals(now)) {
            return;
        }
        String danger = DANGERS.get(name + "=" + before);
        log.atLevel(danger != null ? Level.ERROR : Level.WARN)
                .log(
                        "{}={}{} has no effect: the application was processed ahead of time with {}={}{}. Process it again"
                                + " with {}={}",
                        property(name),
                        now,
                        this.environment.containsProperty(property(name)) ? "" : ", its default,",
                        property(name),
                        before,
                        danger != null ? ", and " + danger : "",
                        property(name),
                        now);
    }

    private void compareServer(String name, Map<String, String> started) {
        if (!this.defined.containsKey(name)) {
            log.warn(
                    "{} has no effect: the application was processed ahead of time without this server. Process it again"
                            + " with its properties",
                    property(name));
        } else if (!started.containsKey(name)) {
            log.warn(
                    "{} is not set, but the application was processed ahead of time with this server, and cannot create"
                            + " it. Set its properties, or process the application again without it",
                    property(name));
        }
    }

    private static boolean isDisabled(Map<String, String> values) {
        return "false".equals(values.get(ENABLED));
    }

    private static boolean isInMemory(Map<String, String> values) {
        return "memory".equals(values.get(STORE));
    }

    /** A store of the application, which is none of these, does not depend on the property. */
    private boolean isOurs() {
        return Stream.<Class<? extends LockStore>>of(InMemoryLockStore.class, RedisLockStore.class)
                .anyMatch(type -> !NearestBean.names(this.beanFactory, type).isEmpty());
    }

    private boolean isOverRedis() {
        return NearestBean.names(this.beanFactory, LockStore.class).stream()
                .anyMatch(name -> NearestBean.ifCreated(this.beanFactory, name) instanceof RedisLockStore);
    }

    private static String property(String name) {
        return DistributedLockProperties.PREFIX + "." + name;
    }
}
