package io.github.lockspring.actuate;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockEngineStatus;
import io.github.lockspring.LockName;
import io.github.lockspring.LockSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The locks that a process holds and waits for, and the stores that keep them. Times are texts (ISO-8601), and so are fencing tokens, because JSON
 * parsers round numbers of that size.
 *
 * @param heldCount how many are held
 * @param waitingCount how many calls wait
 * @param held what is held: the first 1,000 of them
 * @param waiting which calls wait: the first 1,000 of them
 * @param stores where locks are kept
 * @since 0.1
 */
public record LocksDescriptor(
        int heldCount, int waitingCount, List<Held> held, List<Waiting> waiting, List<Store> stores)
        implements OperationResponseBody {

    /** More entries of a kind are counted, and not shown: each stack takes time. */
    static final int MOST_SHOWN = 1_000;

    static LocksDescriptor of(Map<String, ObservedEngine> engines, boolean stacks) {
        List<Held> held = new ArrayList<>();
        List<Waiting> waiting = new ArrayList<>();
        List<Store> stores = new ArrayList<>();
        Instant now = Instant.now();
        int heldCount = 0;
        int waitingCount = 0;
        for (Map.Entry<String, ObservedEngine> each : engines.entrySet()) {
            LockEngine engine = each.getValue().engine();
            LockSnapshot snapshot = engine.snapshot();
            String id = each.getKey().equals(ObservedEngine.PRIMARY) ? null : each.getKey();
            heldCount += snapshot.held().size();
            waitingCount += snapshot.waiting().size();
            snapshot.held().stream()
                    .limit(MOST_SHOWN - held.size())
                    .forEach(hold -> held.add(Held.of(id, hold, now, stacks)));
            snapshot.waiting().stream()
                    .limit(MOST_SHOWN - waiting.size())
                    .forEach(call -> waiting.add(Waiting.of(id, call)));
            stores.add(Store.of(id, engine.status()));
        }
        return new LocksDescriptor(heldCount, waitingCount, held, waiting, stores);
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
                    now.minus(hold.heldFor()).truncatedTo(ChronoUnit.MILLIS).toString(),
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

    /**
     * A store, as far as an engine knows it without asking it.
     *
     * @param server the id of the server, {@code null} for the primary one
     * @param store where locks are kept
     * @param grants whether calls that wait learn of their lock {@code by message} or {@code by polling}
     * @param details what the store found out about its server when it last asked
     * @param problems what should be corrected, each with its cure
     */
    public record Store(
            @Nullable String server, String store, String grants, Map<String, String> details, List<String> problems) {

        static Store of(@Nullable String server, LockEngineStatus status) {
            return new Store(server, status.store(), grants(status), status.storeDetails(), status.storeProblems());
        }

        static String grants(LockEngineStatus status) {
            return status.listening() ? "by message" : "by polling";
        }
    }
}
