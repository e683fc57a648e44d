package io.github.lockspring.interceptor;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Beans that are looked up by the first call, and known from then on. Calls that come first at the same time may each look
 * them up, and all get what was found first. No call waits for another one: it may be made while its thread creates a
 * bean, and the other one may wait for that.
 *
 * @param <T> what is found
 */
final class FirstFound<T> implements Supplier<T> {

    private final Supplier<T> lookup;

    private final AtomicReference<@Nullable T> found = new AtomicReference<>();

    FirstFound(Supplier<T> lookup) {
        this.lookup = lookup;
    }

    @Override
    public T get() {
        T known = this.found.get();
        if (known != null) {
            return known;
        }
        T mine = this.lookup.get();
        T earlier = this.found.compareAndExchange(null, mine);
        return earlier != null ? earlier : mine;
    }
}
