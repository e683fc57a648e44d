package io.github.lockspring.actuate;

import io.github.lockspring.LockForcedEvent;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import java.util.Optional;
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
            ObservedEngine engine, LockName lock, String owner, @Nullable String principal, @Nullable String reason) {
        LockName shown = engine.shown(lock);
        Optional<LockHolder> holder = engine.engine().forceRelease(lock, owner);
        if (holder.isEmpty()) {
            return ForcedReleaseDescriptor.notHeld(shown, owner);
        }
        log.warn(
                "Lock '{}' was taken away from {} by {}: {}. Its work may still run",
                shown,
                owner,
                principal != null ? oneLine(principal) : "an unknown principal",
                reason != null ? oneLine(reason) : "no reason was given");
        this.listener.accept(new LockForcedEvent(shown, holder.get(), principal, reason));
        return ForcedReleaseDescriptor.released(shown, owner);
    }

    /** Text of a request must not look like further lines of the log. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
