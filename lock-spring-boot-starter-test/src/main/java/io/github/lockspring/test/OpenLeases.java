package io.github.lockspring.test;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The leases that a test method leaves open on its thread: those that were not bound to it when the method began. They are
 * closed, since the tests that follow on that thread would enter their locks again, or could not commit if they are lost;
 * and the test fails that has left them.
 */
final class OpenLeases {

    private static final String LIBRARY = "io.github.lockspring.";

    private static final List<String> FRAMES_BETWEEN = List.of(
            LockHistory.class.getName(),
            "java.",
            "jdk.",
            "sun.",
            "kotlin.",
            "kotlinx.",
            "reactor.",
            "org.springframework.");

    private final List<LockLease> before = bound();

    private final boolean emptyBefore = LockContext.isEmpty();

    private static List<LockLease> bound() {
        List<LockLease> leases = new ArrayList<>();
        LockContext.find(lease -> {
            leases.add(lease);
            return false;
        });
        return leases;
    }

    /**
     * Undoes all that the test has brought about, and closes what it has left open.
     *
     * @throws AssertionError if there is anything
     */
    void reset(TestLocks locks) {
        List<LockLease> left = new ArrayList<>(bound());
        left.removeIf(lease -> this.before.stream().anyMatch(known -> known == lease));
        AssertionError failure = left.isEmpty() ? null : failure(left, locks.history());
        locks.reset();
        for (LockLease lease : left) {
            close(lease, failure);
        }
        locks.forget();
        if (failure == null && this.emptyBefore && !LockContext.isEmpty()) {
            failure = new AssertionError("The test method has left a scope of LockContext open on thread '"
                    + Thread.currentThread().getName()
                    + "': close what LockContext.isolate, bind or bindOnly returns, best by try-with-resources");
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void close(LockLease lease, @Nullable AssertionError failure) {
        try {
            lease.close();
        } catch (RuntimeException ex) {
            if (failure != null) {
                failure.addSuppressed(ex);
            }
        }
    }

    private static AssertionError failure(List<LockLease> left, LockHistory history) {
        List<String> lines = new ArrayList<>();
        List<Throwable> origins = new ArrayList<>();
        for (LockLease lease : left) {
            Throwable origin = history.origin(lease);
            lines.add(lease + (origin != null ? ", acquired at " + place(origin) : ""));
            if (origin != null && !origins.contains(origin)) {
                origins.add(origin);
            }
        }
        AssertionError failure = new AssertionError(
                "The test method has left open on thread '"
                        + Thread.currentThread().getName() + "': "
                        + String.join("; ", lines)
                        + ". Close the lease, best by try-with-resources. It has been closed now, for the tests that"
                        + " follow",
                origins.isEmpty() ? null : origins.get(0));
        origins.stream().skip(1).forEach(failure::addSuppressed);
        return failure;
    }

    /** The innermost frame of the application or the test. */
    private static String place(Throwable origin) {
        return Stream.of(origin.getStackTrace())
                .filter(frame -> !isBetween(frame.getClassName()))
                .map(StackTraceElement::toString)
                .findFirst()
                .orElse("an unknown place");
    }

    private static boolean isBetween(String type) {
        boolean ofLibrary = type.startsWith(LIBRARY) && !type.startsWith(OpenLeases.class.getPackageName() + '.');
        return ofLibrary || type.contains("$$") || FRAMES_BETWEEN.stream().anyMatch(type::startsWith);
    }
}
