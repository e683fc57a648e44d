package io.github.lockspring.store;

import java.time.Duration;

/**
 * A lock that its release gave to a waiting owner.
 *
 * @param fullName full name of the lock
 * @param owner the owner that now has it
 * @param number greater than every number given before for this lock
 * @param lease how long it is the owner's unless renewed: the grant lease of the releasing process
 * @param serverTimeMicros the store's clock in microseconds at the moment of the grant
 * @since 0.1
 */
public record Grant(String fullName, String owner, long number, Duration lease, long serverTimeMicros) {}
