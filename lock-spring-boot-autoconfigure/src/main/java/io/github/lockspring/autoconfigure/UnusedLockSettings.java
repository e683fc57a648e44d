package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.LockOperationSource;
import io.github.lockspring.interceptor.LockValidation;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Warns about settings per name that change nothing, most likely because the name is misspelt. Only warns: the name may
 * be one that code uses, or that of a lazy bean.
 */
final class UnusedLockSettings implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(UnusedLockSettings.class);

    private static final ConfigurationPropertyName LOCKS =
            ConfigurationPropertyName.of(DistributedLockProperties.PREFIX + ".locks");

    private static final Set<String> SETTINGS = Set.of("waittime", "leasetime", "renew");

    private final DistributedLockProperties properties;

    private final ConfigurableEnvironment environment;

    private final LockOperationSource source;

    UnusedLockSettings(
            DistributedLockProperties properties, ConfigurableEnvironment environment, LockOperationSource source) {
        this.properties = properties;
        this.environment = environment;
        this.source = source;
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (ConfigurationPropertyName ignored : ignored()) {
            log.warn(
                    "{} sets nothing: write distributed-lock.locks.<name>.wait-time, .lease-time or .renew, and a name with"
                            + " dots or other special characters in brackets, such as distributed-lock.locks.[com.acme.OrderService.ship].wait-time",
                    ignored);
        }
        if (this.properties.validation() != LockValidation.OFF) {
            SortedSet<String> annotated = this.source.names();
            new TreeSet<>(this.properties.locks().keySet())
                    .stream()
                            .filter(name -> !annotated.contains(name))
                            .forEach(name -> log.warn(
                                    "distributed-lock.locks{} matches no annotated method, and changes nothing unless code"
                                            + " uses that name. Names of annotated methods: {}",
                                    PropertyChecks.mapKey(name),
                                    annotated));
        }
    }

    private Set<ConfigurationPropertyName> ignored() {
        Set<ConfigurationPropertyName> ignored = new TreeSet<>();
        for (ConfigurationPropertySource each : ConfigurationPropertySources.get(this.environment)) {
            if (each instanceof IterableConfigurationPropertySource names) {
                names.stream()
                        .filter(name -> LOCKS.isAncestorOf(name) && !isSetting(name))
                        .forEach(ignored::add);
            }
        }
        return ignored;
    }

    private static boolean isSetting(ConfigurationPropertyName name) {
        return name.getNumberOfElements() == LOCKS.getNumberOfElements() + 2
                && SETTINGS.contains(name.getLastElement(Form.UNIFORM));
    }
}
