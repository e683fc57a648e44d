/**
 * Keeps locks in the memory of one process, with the contract that the Redis store has: each script there is a command
 * here, and the same test suites verify both. {@code Locks} executes the commands, one at a time, {@code LockState} is
 * one lock with its queue, and {@code GrantDelivery} delivers grants to listeners.
 *
 * <p>This store does not do more than the Redis store: if the protocol changes, both change. It imports the API and the
 * SPI only; which store an application uses is decided in {@code .autoconfigure}.
 */
@NullMarked
package io.github.lockspring.memory;

import org.jspecify.annotations.NullMarked;
