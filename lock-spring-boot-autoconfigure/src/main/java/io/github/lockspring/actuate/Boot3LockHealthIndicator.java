package io.github.lockspring.actuate;

import java.util.Map;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/**
 * The health of locks, for Spring Boot 3.
 *
 * @since 0.1
 */
public final class Boot3LockHealthIndicator extends AbstractHealthIndicator {

    private final Map<String, ObservedEngine> engines;

    /**
     * Creates an indicator.
     *
     * @param engines engines by the id of their servers, {@link ObservedEngine#PRIMARY} for the primary one
     */
    public Boot3LockHealthIndicator(Map<String, ObservedEngine> engines) {
        super("Distributed locks cannot be checked");
        this.engines = engines;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        LockHealth health = LockHealth.of(this.engines);
        (health.up() ? builder.up() : builder.down()).withDetails(health.details());
    }
}
