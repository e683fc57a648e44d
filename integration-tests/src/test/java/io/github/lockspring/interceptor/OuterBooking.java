package io.github.lockspring.interceptor;

import io.github.lockspring.LockException;
import io.github.lockspring.annotation.DistributedLock;

/** A job with one lock whose body asks for another. */
class OuterBooking implements Job {

    private final Bookings bookings;

    OuterBooking(Bookings bookings) {
        this.bookings = bookings;
    }

    @Override
    @DistributedLock(name = "outer", fallback = "mustNotRun")
    public Object run(String argument) {
        return this.bookings.thrown(argument);
    }

    private Object mustNotRun(String argument, LockException failure) {
        throw new AssertionError("must not run", failure);
    }
}
