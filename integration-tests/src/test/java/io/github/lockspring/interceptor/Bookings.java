package io.github.lockspring.interceptor;

import io.github.lockspring.LockLease;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Every answer to a lock that is not acquired, and every way to run without one. Public, for woven classes. */
public interface Bookings {

    String thrown(String id);

    @Nullable String skipped(String id);

    Optional<String> skippedOptional(String id);

    OptionalInt skippedInt(String id);

    OptionalLong skippedLong(String id);

    OptionalDouble skippedDouble(String id);

    void skippedVoid(String id);

    String plainFallback(String id);

    String fallbackForContention(String id);

    String fallbackForAll(String id);

    String staticFallback(String id);

    String inheritedFallback(String id);

    String fallbackThatFails(String id) throws IOException;

    String both(String id);

    int primitive(String id);

    void nothing(String id);

    String failing(RuntimeException failure);

    String skippedFailing(RuntimeException failure);

    String fallbackOfFailing(RuntimeException failure);

    String conditional(@Nullable Object condition);

    String withKey(boolean condition, @Nullable String id);

    @Nullable LockLease lease(String id, @Nullable LockLease lease);

    @Nullable LockLease conditionalLease(boolean condition, @Nullable LockLease lease);

    @Nullable LockLease leaseOfFallback(@Nullable LockLease lease);

    String notReentrant(String id);
}
