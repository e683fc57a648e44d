package io.github.lockspring.actuate;

import io.github.lockspring.LockName;
import io.github.lockspring.LockSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The locks that a process holds and waits for. Times are texts (ISO-8601), and so are fencing tokens, because JSON
 * parsers round numbers of that size.
 *
 * @param heldCount how many are held
 * @param waitingCount how many calls wait
 * @param held what is held
 * @param waiting which calls wait
 * @since 0.1
 */
public record LocksDescriptor(int heldCount, int waitingCount, List<Held> held, List<Waiting> waiting)
        implements OperationResponseBody {

    static LocksDescriptor of(Map<String, ObservedEngine> engines, boolean stacks) {
        List<Held> held = new ArrayList<>();
        List<Waiting> waiting = new ArrayList<>();
        Instant now = Instant.now();
        engines.forEach((server, each) -> {
            LockSnapshot snapshot = each.engine().snapshot();
            String id = server.equals(ObservedEngine.PRIMARY) ? null : server;
            snapshot.held().forEach(hold -> held.add(Held.of(id, hold, now, stacks)));
            snapshot.waiting().forEach(call -> waiting.add(Waiting.of(id, call)));
        });
        return new LocksDescriptor(held.size(), waiting.size(), held, waiting);
    }

    private static @Nullable String nameOf(@Nullable Thread thread) {
        return thread == null ? null : thread.getName().isEmpty() ? thread.toString() : thread.getName();
    }

    /**
     * A hold.
     *
     * @param server the id of the server, {@code null} for the primary one
     * @param name the name of the lock
     * @param key its key, a pseudonym if keys are masked, {@code null} without key
     * @param owner by which the store knows this process as the holder
     * @param fencingToken the token of the hold
     * @param since when it began, by the clock of this machine
     * @param heldFor how long ago that was
     * @param leaseLeft for how much longer its lease is proven unless it is renewed
     * @param thread the thread that has acquired it, {@code null} for an asynchronous call
     * @param stack what that thread does now, innermost first; {@code null} if that is not asked for
     */
    public record Held(
            @Nullable String server,
            String name,
            @Nullable String key,
            String owner,
            String fencingToken,
            String since,
            String heldFor,
            String leaseLeft,
            @Nullable String thread,
            @Nullable List<String> stack) {

        private static Held of(@Nullable String server, LockSnapshot.Held hold, Instant now, boolean stacks) {
            LockName lock = hold.name();
            Thread thread = hold.thread();
            return new Held(
                    server,
                    lock.name(),
                    lock.shownKey(),
                    hold.owner(),
                    Long.toString(hold.fencingToken()),
                    now.minus(hold.heldFor()).toString(),
                    hold.heldFor().toString(),
                    hold.remaining().toString(),
                    nameOf(thread),
                    stacks && thread != null ? stackOf(thread) : null);
        }

        private static List<String> stackOf(Thread thread) {
            return Arrays.stream(thread.getStackTrace())
                    .map(StackTraceElement::toString)
                    .toList();
        }
    }

    /**
     * A call that has neither a lock nor a refusal yet.
     *
     * @param server the id of the server, {@code null} for the primary one
     * @param name the name of the lock
     * @param key its key, a pseudonym if keys are masked, {@code null} without key
     * @param waitedFor how long ago it has asked
     * @param thread the thread that waits, {@code null} for an asynchronous call
     */
    public record Waiting(
            @Nullable String server,
            String name,
            @Nullable String key,
            String waitedFor,
            @Nullable String thread) {

        static Waiting of(@Nullable String server, LockSnapshot.Waiting call) {
            Duration waited = call.waitedFor();
            return new Waiting(
                    server, call.name().name(), call.name().shownKey(), waited.toString(), nameOf(call.thread()));
        }
    }
}
