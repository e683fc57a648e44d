package io.github.lockspring.actuate;

import io.github.lockspring.LockForcedEvent;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * Takes locks away from their holders, if that is enabled; says so in the log, and by an event.
 *
 * @since 0.1
 */
public final class ForcedReleases {

    private static final Logger log = LoggerFactory.getLogger(ForcedReleases.class);

    private final boolean enabled;

    private final Consumer<LockForcedEvent> listener;

    /**
     * Creates an entry to forced releases.
     *
     * @param enabled whether locks may be taken away
     * @param listener is told of each one
     */
    public ForcedReleases(boolean enabled, Consumer<LockForcedEvent> listener) {
        this.enabled = enabled;
        this.listener = listener;
    }

    void checkEnabled() {
        if (!this.enabled) {
            String message =
                    "Forced releases are disabled: set distributed-lock.forced-release.enabled=true to enable them";
            throw new InvalidEndpointRequestException(message, message);
        }
    }

    ForcedReleaseDescriptor release(
            ObservedEngine engine,
            LockName lock,
            LockHolder holder,
            @Nullable String principal,
            @Nullable String reason) {
        LockName shown = engine.shown(lock);
        String who = oneLine(principal);
        String why = oneLine(reason);
        boolean released;
        try {
            released = engine.engine().forceRelease(lock, holder.owner()).isPresent();
        } catch (LockStoreException ex) {
            if (ex.getOutcome() == LockStoreException.Outcome.UNKNOWN) {
                tell("may have been", new LockForcedEvent(shown, holder, false, who, why));
            }
            throw ex;
        }
        if (!released) {
            return ForcedReleaseDescriptor.notHeld(shown, holder.owner());
        }
        tell("was", new LockForcedEvent(shown, holder, true, who, why));
        return ForcedReleaseDescriptor.released(shown, holder.owner());
    }

    private void tell(String verb, LockForcedEvent event) {
        String principal = event.principal();
        String reason = event.reason();
        log.warn(
                "Lock '{}' {} taken away from {} by {}: {}. Its work may still run",
                event.lock(),
                verb,
                event.holder().owner(),
                principal != null ? principal : "an unknown principal",
                reason != null ? reason : "no reason was given");
        this.listener.accept(event);
    }

    /** Text of a request must not look like further lines of the log. */
    private static @Nullable String oneLine(@Nullable String text) {
        return text == null ? null : text.replaceAll("[\\p{Cc}\\u2028\\u2029]", " ");
    }
}
