package io.github.lockspring.autoconfigure;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Finds environment variables that look like properties and have no effect. Spring Boot removes dashes from the name of
 * a property to get that of its variable, {@code DISTRIBUTEDLOCK_WAITTIME}. It also finds a variable with underscores in
 * their place, {@code DISTRIBUTED_LOCK_WAIT_TIME}, where it knows the property to look for: not where the key of a map
 * stands in the name of the variable only. Thread-safe.
 */
final class MisnamedLockVariables {

    /** How the variables begin that Spring Boot has to look for. */
    static final String PREFIX = "DISTRIBUTED_LOCK_";

    private static final String RIGHT_PREFIX = "DISTRIBUTEDLOCK_";

    private final Set<String> known;

    /** Beginnings of variables for keys of maps that other property sources have. */
    private final Set<String> entries;

    /**
     * Looks at the properties once.
     *
     * @param known all properties, without prefix
     * @param written those that property sources have
     */
    MisnamedLockVariables(Set<String> known, Set<ConfigurationPropertyName> written) {
        this.known = known;
        this.entries = written.stream()
                .filter(name -> name.getNumberOfElements() > 2)
                .map(name -> underscored(name.getElement(1, Form.ORIGINAL) + "." + name.getElement(2, Form.ORIGINAL)))
                .collect(Collectors.toSet());
    }

    /** What to write in place of a variable that begins with the prefix; {@code null} if nothing can be said of it. */
    @Nullable String insteadOf(String variable) {
        String rest = variable.substring(PREFIX.length());
        for (String property : this.known) {
            int key = property.indexOf(UnknownLockProperties.KEY);
            if (key >= 0) {
                String before = underscored(property.substring(0, key));
                String after = property.substring(key + UnknownLockProperties.KEY.length());
                if (isEntry(rest, before, underscored(after))) {
                    String entry = rest.substring(0, rest.length() - after.length());
                    return this.entries.contains(entry) ? null : instead(property, before, entry, after);
                }
                if (isEntry(rest, before, joined(after))) {
                    String entry =
                            rest.substring(0, rest.length() - joined(after).length());
                    return instead(property, before, entry, after);
                }
            } else if (rest.equals(underscored(property))) {
                return null;
            } else if (joined(rest).replace("_", "").equals(joined(property).replace("_", ""))) {
                return RIGHT_PREFIX + joined(property);
            }
        }
        return null;
    }

    private static boolean isEntry(String rest, String before, String after) {
        return rest.startsWith(before) && rest.endsWith(after) && rest.length() > before.length() + after.length();
    }

    /** An underscore in the key would be the end of it. */
    private static String instead(String property, String before, String entry, String after) {
        return entry.indexOf('_', before.length()) < 0
                ? RIGHT_PREFIX + entry + joined(after)
                : DistributedLockProperties.PREFIX + "." + property + " to a file or to SPRING_APPLICATION_JSON";
    }

    private static String underscored(String property) {
        return joined(property.replace('-', '_'));
    }

    private static String joined(String property) {
        return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
