package io.github.lockspring.web;

import java.util.Map;
import org.junit.jupiter.api.Tag;

@Tag("default-line")
class InMemoryLockedRequestTests extends LockedRequestContract {

    @Override
    WebServer start(Map<String, Object> properties, Class<?>... components) {
        return WebServer.start(properties, components);
    }
}
