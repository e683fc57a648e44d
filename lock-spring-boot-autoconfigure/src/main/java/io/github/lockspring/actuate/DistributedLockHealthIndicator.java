package io.github.lockspring.actuate;

import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of locks, for Spring Boot 4.
 *
 * @since 0.1
 */
public final class DistributedLockHealthIndicator extends AbstractHealthIndicator {

    private final Map<String, ObservedEngine> engines;

    /**
     * Creates an indicator.
     *
     * @param engines engines by the id of their servers, {@link ObservedEngine#PRIMARY} for the primary one
     */
    public DistributedLockHealthIndicator(Map<String, ObservedEngine> engines) {
        super("Distributed locks cannot be checked");
        this.engines = engines;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        LockHealth health = LockHealth.of(this.engines);
        (health.up() ? builder.up() : builder.down()).withDetails(health.details());
    }
}
