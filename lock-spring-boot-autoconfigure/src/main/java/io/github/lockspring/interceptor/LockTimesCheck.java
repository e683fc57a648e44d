package io.github.lockspring.interceptor;

import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTimes;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.util.function.SingletonSupplier;

/** Finds times that contradict each other, given the settings that apply to the name of the lock. Thread-safe. */
final class LockTimesCheck {

    private final Supplier<Function<LockOptions, LockTimes>> times;

    /**
     * Creates the check.
     *
     * @param settings looked up when the first method is checked; without settings, annotations alone are
     */
    LockTimesCheck(Supplier<@Nullable LockSettings> settings) {
        this.times = SingletonSupplier.of(() -> {
            LockSettings found = settings.get();
            return found != null ? found::times : LockOptions::times;
        });
    }

    List<LockAnnotationProblem> check(Collection<LockOperation> operations) {
        return operations.stream().map(this::check).filter(Objects::nonNull).toList();
    }

    private @Nullable LockAnnotationProblem check(LockOperation operation) {
        LockOptions options = operation.options();
        String contradiction =
                Objects.requireNonNull(this.times.get()).apply(options).contradiction();
        if (contradiction == null) {
            return null;
        }
        String written = operation.declaration().annotation().getString("maxHoldTime");
        return operation
                .declaration()
                .problem(
                        written.isEmpty() ? "" : LockAttributes.written("maxHoldTime", written),
                        "with the settings that apply, " + contradiction,
                        "Increase maxHoldTime, or shorten the other time; properties of distributed-lock.locks."
                                + options.lockName().name() + " take precedence over the annotation, and the annotation"
                                + " over properties for all locks");
    }
}
