package io.github.lockspring.actuate;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockSnapshot;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One lock.
 *
 * @param name its name
 * @param key its key, a pseudonym if keys are masked, {@code null} without key
 * @param held whether any process has it
 * @param owner who has it, {@code null} if it is free
 * @param leaseLeft for how much longer, unless the lease is renewed; {@code null} if it is free or has no expiry
 * @param heldHere whether the holder is this process
 * @param waitingHere which calls of this process wait for it
 * @since 0.1
 */
public record LockDescriptor(
        String name,
        @Nullable String key,
        boolean held,
        @Nullable String owner,
        @Nullable String leaseLeft,
        boolean heldHere,
        List<LocksDescriptor.Waiting> waitingHere)
        implements OperationResponseBody {

    static LockDescriptor of(ObservedEngine engine, LockName lock, @Nullable LockHolder holder) {
        LockSnapshot snapshot = engine.engine().snapshot();
        LockName shown = engine.shown(lock);
        String owner = holder != null ? holder.owner() : null;
        Duration left = holder != null ? holder.remaining() : null;
        return new LockDescriptor(
                shown.name(),
                shown.shownKey(),
                holder != null,
                owner,
                left != null ? left.toString() : null,
                snapshot.held().stream().anyMatch(hold -> hold.owner().equals(owner)),
                snapshot.waiting().stream()
                        .filter(call -> call.name().equals(lock))
                        .map(call -> LocksDescriptor.Waiting.of(null, call))
                        .toList());
    }
}
