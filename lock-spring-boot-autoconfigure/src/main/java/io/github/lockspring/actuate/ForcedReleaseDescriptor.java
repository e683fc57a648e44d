package io.github.lockspring.actuate;

import io.github.lockspring.LockName;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What has come of a forced release.
 *
 * @param name the name of the lock
 * @param key its key, a pseudonym if keys are masked, {@code null} without key
 * @param released whether the owner has lost the lock
 * @param owner the owner that has lost it, or that did not have it
 * @param note what that means
 * @since 0.1
 */
public record ForcedReleaseDescriptor(
        String name,
        @Nullable String key,
        boolean released,
        @Nullable String owner,
        String note) implements OperationResponseBody {

    static ForcedReleaseDescriptor released(LockName shown, String owner) {
        return new ForcedReleaseDescriptor(
                shown.name(),
                shown.shownKey(),
                true,
                owner,
                "The lock goes to the caller that has waited longest, if there is one. The former holder may still be"
                        + " inside: in another process, it notices at its next renewal, after a third of its lease time"
                        + " at most");
    }

    static ForcedReleaseDescriptor notHeld(LockName shown, @Nullable String owner) {
        return new ForcedReleaseDescriptor(
                shown.name(),
                shown.shownKey(),
                false,
                owner,
                owner != null ? "That owner does not have the lock: nothing has changed" : "The lock is free");
    }
}
