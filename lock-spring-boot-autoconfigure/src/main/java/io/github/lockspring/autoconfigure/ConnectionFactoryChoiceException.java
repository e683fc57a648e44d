package io.github.lockspring.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** It cannot be told which connection factory the locks are to use. */
final class ConnectionFactoryChoiceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String property;

    private final @Nullable String wanted;

    private final transient List<String> candidates;

    /**
     * Creates an exception.
     *
     * @param property the property that names the bean
     * @param wanted the bean name that is configured but does not exist, {@code null} if none is configured
     * @param candidates names of the connection factories that exist
     */
    ConnectionFactoryChoiceException(String property, @Nullable String wanted, List<String> candidates) {
        super(
                wanted != null
                        ? "There is no RedisConnectionFactory bean named '" + wanted + "' for distributed locks"
                        : "There are " + candidates.size()
                                + " RedisConnectionFactory beans and none of them is primary:"
                                + " distributed locks do not guess in which Redis to be");
        this.property = property;
        this.wanted = wanted;
        this.candidates = List.copyOf(candidates);
    }

    String property() {
        return this.property;
    }

    @Nullable String wanted() {
        return this.wanted;
    }

    List<String> candidates() {
        return this.candidates;
    }
}
