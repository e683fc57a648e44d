package io.github.lockspring.autoconfigure;

import io.github.lockspring.store.WarningLimit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener whose failures keep nothing from the others, and are logged once a minute at most: each event of each call
 * may fail.
 *
 * @param <T> its type
 */
final class GuardedListener<T> {

    private static final Logger log = LoggerFactory.getLogger(GuardedListener.class);

    private final T listener;

    private final WarningLimit failures;

    GuardedListener(T listener, LongSupplier nanoClock) {
        this.listener = listener;
        this.failures = new WarningLimit(nanoClock);
    }

    void tell(Consumer<T> event) {
        try {
            event.accept(this.listener);
        } catch (RuntimeException | Error ex) {
            this.failures.warn(leftOut -> log.error(
                    "A listener to locks failed: {} ({} further failures since that was last said)",
                    this.listener,
                    leftOut,
                    ex));
        }
    }
}
