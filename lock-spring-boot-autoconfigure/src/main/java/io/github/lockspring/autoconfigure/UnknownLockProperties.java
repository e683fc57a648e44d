package io.github.lockspring.autoconfigure;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Warns about properties that do not exist, and names the nearest that does: Spring Boot ignores them without a word.
 */
final class UnknownLockProperties implements SmartInitializingSingleton {

    /** Stands for the key of a map. */
    static final String KEY = "<name>";

    private static final ConfigurationPropertyName PREFIX =
            ConfigurationPropertyName.of(DistributedLockProperties.PREFIX);

    /** What may have been written in place of the prefix. */
    private static final List<ConfigurationPropertyName> MISSPELT = Stream.of(
                    "distributed-locks", "distributed.lock", "spring.distributed-lock", "spring.distributed-locks")
            .map(ConfigurationPropertyName::of)
            .toList();

    private static final Logger log = LoggerFactory.getLogger(UnknownLockProperties.class);

    private final ConfigurableEnvironment environment;

    UnknownLockProperties(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Set<ConfigurationPropertyName> written = written(PREFIX);
        Set<String> variables = variables();
        Set<String> known = known();
        MISSPELT.forEach(prefix -> written(prefix).forEach(name -> checkPrefix(prefix, name, known)));
        if (!written.isEmpty() || !variables.isEmpty()) {
            written.forEach(name -> check(name, known));
            MisnamedLockVariables misnamed = new MisnamedLockVariables(known, written);
            variables.forEach(variable -> check(variable, misnamed));
        }
    }

    private static void check(String variable, MisnamedLockVariables misnamed) {
        String instead = misnamed.insteadOf(variable);
        if (instead != null) {
            log.warn(
                    "The environment variable {} has no effect: write {}. Where a property has a <name>, a"
                            + " variable can set it for names of lower-case letters and digits only",
                    variable,
                    instead);
        }
    }

    /** What is no property with the right prefix either may belong to others. */
    private static void checkPrefix(
            ConfigurationPropertyName prefix, ConfigurationPropertyName name, Set<String> known) {
        if (isKnown(pattern(prefix, name, known), known)) {
            log.warn("{} has no effect: the properties of locks begin with {} in place of {}", name, PREFIX, prefix);
        }
    }

    private static boolean isKnown(String pattern, Set<String> known) {
        return known.stream().anyMatch(each -> uniform(each).equals(uniform(pattern)));
    }

    private static void check(ConfigurationPropertyName name, Set<String> known) {
        String pattern = pattern(PREFIX, name, known);
        if (!isKnown(pattern, known)) {
            log.warn(
                    "{} has no effect: there is no such property. Did you mean {}.{}? A <name> with dots or other"
                            + " special characters must be written in brackets, such as"
                            + " distributed-lock.locks.[com.acme.OrderService.ship].wait-time",
                    name,
                    PREFIX,
                    withKey(nearest(pattern, known), name));
        }
    }

    /** With the key of the name that was written, unless that may have been meant to be longer. */
    private static String withKey(String pattern, ConfigurationPropertyName name) {
        int first = PREFIX.getNumberOfElements();
        boolean complete = pattern.contains(KEY) && name.getNumberOfElements() - first == pattern.split("\\.").length;
        return complete
                ? pattern.replace('.' + KEY, PropertyChecks.mapKey(name.getElement(first + 1, Form.ORIGINAL)))
                : pattern;
    }

    /** The name without the prefix, the key of a map, and the index of a list. */
    private static String pattern(ConfigurationPropertyName prefix, ConfigurationPropertyName name, Set<String> known) {
        StringBuilder pattern = new StringBuilder();
        for (int i = prefix.getNumberOfElements(); i < name.getNumberOfElements(); i++) {
            boolean isKey = i == prefix.getNumberOfElements() + 1
                    && known.stream().anyMatch(each -> each.startsWith(pattern + KEY));
            if (!name.isNumericIndex(i)) {
                pattern.append(isKey ? KEY : name.getElement(i, Form.ORIGINAL)).append('.');
            }
        }
        return pattern.substring(0, Math.max(0, pattern.length() - 1));
    }

    private Set<ConfigurationPropertyName> written(ConfigurationPropertyName prefix) {
        Set<ConfigurationPropertyName> written = new TreeSet<>();
        for (ConfigurationPropertySource each : ConfigurationPropertySources.get(this.environment)) {
            if (each instanceof IterableConfigurationPropertySource names) {
                names.stream().filter(prefix::isAncestorOf).forEach(written::add);
            }
        }
        return written;
    }

    private Set<String> variables() {
        Set<String> variables = new TreeSet<>();
        for (PropertySource<?> each : this.environment.getPropertySources()) {
            if (each instanceof SystemEnvironmentPropertySource system) {
                Arrays.stream(system.getPropertyNames())
                        .filter(name -> name.startsWith(MisnamedLockVariables.PREFIX))
                        .forEach(variables::add);
            }
        }
        return variables;
    }

    /** The names of all properties, without the prefix. */
    static Set<String> known() {
        Set<String> known = new TreeSet<>();
        collect(DistributedLockProperties.class, "", known);
        return known;
    }

    private static void collect(Class<?> type, String prefix, Set<String> known) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + dashed(component.getName());
            if (component.getType().isRecord()) {
                collect(component.getType(), name + ".", known);
            } else if (component.getGenericType() instanceof ParameterizedType map && map.getRawType() == Map.class) {
                collect((Class<?>) map.getActualTypeArguments()[1], name + "." + KEY + ".", known);
            } else {
                known.add(name);
            }
        }
    }

    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String uniform(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    private static String nearest(String pattern, Set<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(each -> distance(uniform(pattern), uniform(each))))
                .orElseThrow();
    }

    /** How many letters must be inserted, removed or replaced (Levenshtein distance). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j - 1], diagonal) + 1);
            }
        }
        return row[to.length()];
    }
}
