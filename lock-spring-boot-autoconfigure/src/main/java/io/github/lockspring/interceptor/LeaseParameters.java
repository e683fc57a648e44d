package io.github.lockspring.interceptor;

import io.github.lockspring.LockLease;
import java.lang.reflect.Method;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The parameters of a method that are for the lease of its lock. Immutable. */
final class LeaseParameters {

    private final int[] positions;

    private LeaseParameters(int[] positions) {
        this.positions = positions;
    }

    /** Nearly always {@code null}: methods without such a parameter are called with the arguments as they are. */
    static @Nullable LeaseParameters of(Method method) {
        Class<?>[] types = method.getParameterTypes();
        int[] positions = IntStream.range(0, types.length)
                .filter(i -> types[i] == LockLease.class)
                .toArray();
        return positions.length > 0 ? new LeaseParameters(positions) : null;
    }

    /** Replaces what the caller has passed. */
    void set(@Nullable Object[] args, @Nullable LockLease lease) {
        for (int position : this.positions) {
            args[position] = lease;
        }
    }
}
