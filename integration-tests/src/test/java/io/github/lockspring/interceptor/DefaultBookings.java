package io.github.lockspring.interceptor;

import io.github.lockspring.LockException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A bean whose fields only the bean itself has, not its proxy. */
class DefaultBookings extends InheritedFallbacks implements Bookings {

    private final String prefix = "instead of ";

    @Override
    @DistributedLock(name = "booking", key = "#id")
    public String thrown(String id) {
        return id;
    }

    @Override
    @DistributedLock(name = "booking", onContention = OnContention.SKIP)
    public @Nullable String skipped(String id) {
        return id;
    }

    @Override
    @DistributedLock(name = "booking", onContention = OnContention.SKIP)
    public Optional<String> skippedOptional(String id) {
        return Optional.of(id);
    }

    @Override
    @DistributedLock(name = "booking", onContention = OnContention.SKIP)
    public OptionalInt skippedInt(String id) {
        return OptionalInt.of(1);
    }

    @Override
    @DistributedLock(name = "booking", onContention = OnContention.SKIP)
    public OptionalLong skippedLong(String id) {
        return OptionalLong.of(1);
    }

    @Override
    @DistributedLock(name = "booking", onContention = OnContention.SKIP)
    public OptionalDouble skippedDouble(String id) {
        return OptionalDouble.of(1);
    }

    @Override
    @DistributedLock(name = "booking", onContention = OnContention.SKIP)
    public void skippedVoid(String id) {}

    @Override
    @DistributedLock(name = "booking", fallback = "instead")
    public String plainFallback(String id) {
        return id;
    }

    private String instead(String id) {
        return this.prefix + id;
    }

    @Override
    @DistributedLock(name = "booking", fallback = "onContention")
    public String fallbackForContention(String id) {
        return id;
    }

    private String onContention(String id, LockNotAcquiredException failure) {
        return this.prefix + id + " for " + failure.getLockName();
    }

    @Override
    @DistributedLock(name = "booking", fallback = "onFailure")
    public String fallbackForAll(String id) {
        return id;
    }

    public String onFailure(String id, LockException failure) {
        return this.prefix + id + " for " + failure.getClass().getSimpleName();
    }

    @Override
    @DistributedLock(name = "booking", fallback = "ofClass")
    public String staticFallback(String id) {
        return id;
    }

    private static String ofClass(String id) {
        return "static, " + id;
    }

    @Override
    @DistributedLock(name = "booking", fallback = "inherited")
    public String inheritedFallback(String id) {
        return id;
    }

    @Override
    @DistributedLock(name = "booking", fallback = "fail")
    public String fallbackThatFails(String id) throws IOException {
        return id;
    }

    private String fail(String id) throws IOException {
        throw new IOException(this.prefix + id);
    }

    @Override
    @DistributedLock(name = "booking", fallback = "instead", onContention = OnContention.SKIP)
    public String both(String id) {
        return id;
    }

    @Override
    @DistributedLock("booking")
    public int primitive(String id) {
        return 1;
    }

    @Override
    @DistributedLock("booking")
    public void nothing(String id) {}

    @Override
    @DistributedLock("failing")
    public String failing(RuntimeException failure) {
        throw failure;
    }

    @Override
    @DistributedLock(name = "failing", onContention = OnContention.SKIP)
    public String skippedFailing(RuntimeException failure) {
        throw failure;
    }

    @Override
    @DistributedLock(name = "failing", fallback = "mustNotRun")
    public String fallbackOfFailing(RuntimeException failure) {
        throw failure;
    }

    private String mustNotRun(RuntimeException argument, LockException failure) {
        throw new AssertionError("must not run", failure);
    }

    @Override
    @DistributedLock(name = "conditional", condition = "#condition")
    public String conditional(@Nullable Object condition) {
        return "done";
    }

    @Override
    @DistributedLock(name = "conditional", key = "#id", condition = "#condition")
    public String withKey(boolean condition, @Nullable String id) {
        return "done";
    }

    @Override
    @DistributedLock(name = "lease", key = "#id")
    public @Nullable LockLease lease(String id, @Nullable LockLease lease) {
        return lease;
    }

    @Override
    @DistributedLock(name = "lease", condition = "#p0")
    public @Nullable LockLease conditionalLease(boolean condition, @Nullable LockLease lease) {
        return lease;
    }

    @Override
    @DistributedLock(name = "lease", fallback = "withoutLease")
    public @Nullable LockLease leaseOfFallback(@Nullable LockLease lease) {
        throw new AssertionError("must not run");
    }

    private @Nullable LockLease withoutLease(@Nullable LockLease lease) {
        return lease;
    }

    @Override
    @DistributedLock(name = "strict", key = "#id", reentrant = false, fallback = "instead")
    public String notReentrant(String id) {
        return id;
    }
}
