/**
 * Keeps locks in the memory of one process, with the contract that the Redis store has: what is a script there is a
 * command here, and the same suites of tests hold both to it. {@code Locks} executes the commands, one at a time,
 * {@code LockState} is one lock with its queue, and {@code GrantDelivery} brings grants to those who listen.
 *
 * <p>What the Redis store does not do, this one does not do either: where the protocol changes, both do. It imports the
 * API and the SPI only; which store an application uses is decided in {@code .autoconfigure}.
 */
@NullMarked
package io.github.lockspring.memory;

import org.jspecify.annotations.NullMarked;
