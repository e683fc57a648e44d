package io.github.lockspring.samples.support;

import java.util.List;
import java.util.Map;

/** A server that the processes share. */
public interface SharedServer extends AutoCloseable {

    /** What it is, and where. */
    String description();

    /** The properties of Spring Boot that say where it is. */
    Map<String, String> properties();

    /** What a process is started with in order to find it. */
    default List<String> arguments() {
        return properties().entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toList();
    }

    /** Ends it, if the show has started it. */
    @Override
    void close();

    /** A server that runs anyway; where it is, the processes know from the arguments that the show was given. */
    static SharedServer given(String description) {
        return new SharedServer() {
            @Override
            public String description() {
                return description;
            }

            @Override
            public Map<String, String> properties() {
                return Map.of();
            }

            @Override
            public void close() {}
        };
    }
}
